import type { MailSwitches } from '../mail/mail-switches.schema.ts';

/** One column of an extracted file: its technical name, its label, and what a row has there. */
export type FileColumn<Row> = { name: string; label: string; value: (row: Row) => string };

/** A file as the Extract file activity writes it: a header line, then a line for each row. */
export function delimitedText<Row>(
  columns: FileColumn<Row>[],
  rows: Row[],
  switches: MailSwitches,
): string {
  const line = (cells: string[]): string =>
    cells.map((cell) => quoted(cell, switches)).join(switches.fileSeparator) + switches.fileLineEnd;
  const header = columns.map(({ name, label }) =>
    switches.fileHeaders === 'names' ? name : label,
  );
  const body = rows.map((row) => line(columns.map(({ value }) => value(row))));
  return `${switches.fileBom ? '\uFEFF' : ''}${line(header)}${body.join('')}`;
}

function quoted(cell: string, { fileQuotes, fileSeparator }: MailSwitches): string {
  const isNeeded = cell.includes(fileSeparator) || /["\r\n]/.test(cell);
  if (fileQuotes === 'none' || (fileQuotes === 'needed' && !isNeeded)) return cell;
  return `"${cell.replaceAll('"', '""')}"`;
}

/** A moment, given in RFC 3339 or as the API writes it, in the date format of the extraction. */
export function fileDate(moment: string, { fileDates }: MailSwitches): string {
  if (moment === '') return '';
  const iso = new Date(moment.replace(' ', 'T')).toISOString();
  switch (fileDates) {
    case 'api':
      return iso.replace('T', ' ');
    case 'iso':
      return iso;
    case 'slashes':
      return iso.slice(0, 19).replaceAll('-', '/').replace('T', ' ');
  }
}

export function fileBoolean(value: boolean, { fileBooleans }: MailSwitches): string {
  switch (fileBooleans) {
    case 'words':
      return String(value);
    case 'digits':
      return value ? '1' : '0';
    case 'labels':
      return value ? 'Yes' : 'No';
  }
}

/** `20260301_081532`, as file names are stamped. */
export function fileStamp(at: Date): string {
  return at.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '_');
}
