import { scatter } from '../control/scatter.ts';
import type { People } from '../people/person.ts';
import type { Column } from './column.schema.ts';
import type { CellValue } from './dataverse-control.ts';
import { isLookup, type Table } from './table.ts';

type Cell = (index: number) => CellValue;

const DAY_MS = 86_400_000;
const EDGE_DATES = [
  '1753-01-01',
  '1899-12-31',
  '1970-01-01',
  '2000-02-29',
  '2038-01-19',
  '9999-12-30',
];

/** How varied the generated rows are: `plain` fits Campaign's lengths, `edges` does not always. */
export type Variety = 'plain' | 'edges';

/** Where lookups of generated rows lead. */
export type LookupTarget = (column: string, target: string, index: number) => string | null;

/** A formula for each column of a table: every cell is a function of seed and index. */
export function generatedCells(
  table: Table,
  people: () => People,
  seed: number,
  variety: Variety,
  target: LookupTarget,
): Map<string, Cell> {
  const cells = new Map<string, Cell>();
  table.columns.forEach((column, position) => {
    const salt = 100 + position;
    cells.set(column.name, byType(column, seed, salt, target));
  });
  if (table.logicalName === 'contact') contactCells(cells, people, seed, variety);
  if (table.logicalName === 'account') accountCells(cells, people);
  if (table.logicalName === 'new_vehicle') vehicleCells(cells, seed);
  return cells;
}

function byType(column: Column, seed: number, salt: number, target: LookupTarget): Cell {
  const draw = (index: number): number => scatter(seed, index, salt);
  const sparse =
    (cell: Cell): Cell =>
    (index) =>
      draw(index) % 10 < 4 ? null : cell(index);
  const options = column.options ?? [];
  switch (column.type) {
    case 'state':
      return (index) => (index % 17 === 11 ? 1 : 0);
    case 'status':
      return (index) => (index % 17 === 11 ? 2 : 1);
    case 'boolean':
      return (index) =>
        draw(index) % 8 === 0 ? column.default !== true : (column.default ?? false);
    case 'picklist':
      return sparse((index) => options[(draw(index) >>> 8) % options.length]?.value ?? null);
    case 'multiSelectPicklist':
      return sparse(
        (index) =>
          options
            .filter((_, position) => ((draw(index) >>> (position + 8)) & 1) === 1)
            .map(({ value }) => value)
            .join(',') || null,
      );
    case 'integer':
    case 'bigint':
      return sparse((index) => (draw(index) >>> 8) % Math.min(column.numberMax ?? 1_000, 1_000));
    case 'decimal':
    case 'double':
    case 'money':
      return sparse((index) => (draw(index) % 9_000_000) / 100);
    case 'dateOnly':
      return sparse((index) => edgeOr(index, draw(index)).slice(0, 10));
    case 'dateTime':
    case 'dateTimeIndependent':
      return sparse((index) => `${edgeOr(index, draw(index)).slice(0, 19)}Z`);
    case 'uniqueidentifier':
    case 'image':
      return () => null;
    default:
      return isLookup(column)
        ? (index) => target(column.name, column.targets?.[0] ?? '', index)
        : () => null;
  }
}

function edgeOr(index: number, draw: number): string {
  const edge = EDGE_DATES[index % 120];
  return edge === undefined
    ? new Date(draw * 400).toISOString()
    : new Date(`${edge}T23:59:59Z`).toISOString();
}

function contactCells(
  cells: Map<string, Cell>,
  people: () => People,
  seed: number,
  variety: Variety,
): void {
  const set = (name: string, cell: Cell): void => {
    if (cells.has(name)) cells.set(name, cell);
  };
  const often =
    (salt: number, cell: Cell): Cell =>
    (index) =>
      scatter(seed, index, salt) % 10 < 2 ? null : cell(index);
  const isLong = (index: number): boolean => variety === 'edges' && index % 101 === 71;
  set('firstname', (index) =>
    isLong(index) ? 'Maximiliana-'.repeat(5).slice(0, 50) : people().firstName(index),
  );
  set('lastname', (index) => people().lastName(index));
  set('middlename', (index) => (index % 7 === 3 ? people().firstName(index + 7) : null));
  set('emailaddress1', (index) => (index % 29 === 13 ? null : people().email(index)));
  set(
    'jobtitle',
    often(51, (index) => people().job(index)),
  );
  set(
    'company',
    often(52, (index) => people().company(index)),
  );
  set(
    'telephone1',
    often(53, (index) => people().phone(index, 54)),
  );
  set(
    'mobilephone',
    often(55, (index) => people().phone(index, 56)),
  );
  set('gendercode', (index) => (index % 13 === 5 ? null : people().isFemale(index) ? 2 : 1));
  set('birthdate', (index) => (index % 19 === 7 ? null : people().birthDate(index)));
  set('anniversary', (index) =>
    index % 23 === 9 ? new Date(index * DAY_MS).toISOString().slice(0, 10) : null,
  );
  set(
    'address1_line1',
    often(57, (index) => people().street(index)),
  );
  set(
    'address1_city',
    often(57, (index) => people().city(index)),
  );
  set(
    'address1_postalcode',
    often(57, (index) => people().postalCode(index)),
  );
  set(
    'address1_country',
    often(57, (index) => people().pool(index).country),
  );
  set('description', (index) =>
    index % 307 === 101 ? `${'長い備考 🌏 '.repeat(260)}.`.slice(0, 2_000) : null,
  );
  set('new_externalref', () => null);
  for (const name of ['aging30', 'aging60', 'aging90']) set(`${name}_base`, () => null);
}

function accountCells(cells: Map<string, Cell>, people: () => People): void {
  cells.set('name', (index) => people().company(index));
  cells.set('accountnumber', (index) => `AC-${String(index).padStart(8, '0')}`);
  cells.set('emailaddress1', (index) => `office.${index}@example.com`);
  cells.set('telephone1', (index) => people().phone(index, 61));
  cells.set('address1_line1', (index) => people().street(index));
  cells.set('address1_city', (index) => people().city(index));
  cells.set('address1_postalcode', (index) => people().postalCode(index));
  cells.set('address1_country', (index) => people().pool(index).country);
}

const MAKES = ['Hikari', 'Nordwind', 'Étoile', '木蘭', 'Zephyr'];

function vehicleCells(cells: Map<string, Cell>, seed: number): void {
  cells.set('new_name', (index) => `${MAKES[index % MAKES.length] ?? ''} ${(index % 90) + 10}`);
  cells.set('new_vin', (index) => {
    const digits = scatter(seed, index, 71).toString(36).toUpperCase().padStart(7, '0');
    return `W${digits}${String(index).padStart(9, '0')}`.slice(0, 17);
  });
}
