import { expect, test } from '@jest/globals';
import { EventKind } from '@landbridge/contracts';
import { targetOf } from '../src/schema/activity-target.ts';
import { configuration, foundActivity } from './builders.ts';

const names = configuration().activities;

test('with every name there, a table has its bind name from the relationship to contacts', () => {
  for (const kind of EventKind.options) {
    expect(targetOf(kind, names[kind], foundActivity(kind))).toMatchObject({
      target: { kind, by: 'createMultiple', bind: `about_${names[kind].table}@odata.bind` },
    });
  }
});

test.each([
  ['open', 'adobe_openedon', 'activities.open.date'],
  ['click', 'adobe_trackingurl', 'activities.click.trackingUrl'],
  ['send', 'adobe_mirrorpageurl', 'activities.send.mirrorPageUrl'],
  ['bounce', 'regardingobjectid', 'activities.bounce.regarding'],
] as const)(
  'a missing column of %s is named, and the setting that names it',
  (kind, column, setting) => {
    const found = targetOf(kind, names[kind], foundActivity(kind, column));
    expect(found).toMatchObject({
      fault: { code: 'columnMissing', field: `${names[kind].table}.${column}` },
    });
    expect('fault' in found && found.fault.message).toContain(setting);
  },
);

test('a column that is null in the configuration is not asked for', () => {
  const { click } = configuration({
    activities: {
      click: { table: 'adobe_emailclick', date: 'adobe_clickedon', mirrorPageUrl: null },
    },
  }).activities;
  const found = targetOf('click', click, foundActivity('click', 'adobe_mirrorpageurl'));
  expect('target' in found).toBe(true);
});

test('a table that is not there, a date of another type and a lookup to no contact are told apart', () => {
  const found = foundActivity('open');
  const [missing, untimed, unbound] = [
    { ...found, metadata: null },
    {
      ...found,
      metadata: {
        ...found.metadata,
        columns: found.metadata.columns.map((column) =>
          column.name === 'adobe_openedon' ? { ...column, type: 'integer' as const } : column,
        ),
      },
    },
    { ...found, binds: [] },
  ].map((one) => targetOf('open', names.open, one));
  expect(missing).toMatchObject({ fault: { code: 'tableMissing', field: 'adobe_emailopen' } });
  expect(untimed).toMatchObject({ fault: { code: 'columnTypeChanged' } });
  expect(unbound).toMatchObject({ fault: { field: 'adobe_emailopen.regardingobjectid' } });
});

test('a column that a new activity cannot bring is named before the run starts', () => {
  const found = foundActivity('click');
  const columns = found.metadata.columns.map((column) =>
    column.name === 'adobe_trackingurl' ? { ...column, creatable: false } : column,
  );
  const fixed = targetOf('click', names.click, {
    ...found,
    metadata: { ...found.metadata, columns },
  });
  expect(fixed).toMatchObject({
    fault: {
      code: 'configurationInvalid',
      field: 'adobe_emailclick.adobe_trackingurl',
      message: expect.stringContaining('activities.click.trackingUrl'),
    },
  });
});

test.each([
  ['can be written', true, 'sortdate'],
  ['is read-only', false, null],
] as const)('the column that timelines are sorted by %s', (_case, creatable, sortDate) => {
  const found = foundActivity('send');
  const date = found.metadata.columns.find(({ name }) => name === names.send.date);
  if (date === undefined) throw new Error('There is no date');
  const columns = [...found.metadata.columns, { ...date, name: 'sortdate', creatable }];
  const metadata = { ...found.metadata, columns };
  expect(targetOf('send', names.send, { ...found, metadata })).toMatchObject({
    target: { sortDate },
  });
  expect(targetOf('send', names.send, found)).toMatchObject({ target: { sortDate: null } });
});
