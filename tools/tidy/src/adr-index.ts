import { trackedFiles } from './tracked-files.ts';

export const INDEX_PATH = 'docs/adr/README.md';

/** The index of the decisions, made from their files: number, title, status. */
export function adrIndex(): string {
  const rows = trackedFiles(/^docs\/adr\/\d{4}-[a-z0-9-]+\.md$/)
    .toSorted((one, other) => one.path.localeCompare(other.path))
    .map(({ path, text }) => {
      const file = path.slice('docs/adr/'.length);
      const title = /^# (.+)$/m.exec(text)?.[1] ?? file;
      const status = /^\|\s*status\s*\|\s*([^|]+?)\s*\|/im.exec(text)?.[1] ?? 'unknown';
      const date = /^\|\s*date\s*\|\s*([^|]+?)\s*\|/im.exec(text)?.[1] ?? '';
      return `| [${file.slice(0, 4)}](${file}) | ${title} | ${date} | ${status} |`;
    });
  return [
    '# Decisions',
    '',
    'What is costly to reverse, or what a newcomer would undo. Made by `npm run adr-index`; a test',
    'fails when it is stale.',
    '',
    '| number | decision | date | status |',
    '| --- | --- | --- | --- |',
    ...rows,
    '',
  ].join('\n');
}
