import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { DataverseSwitches, startDataverse, type DataverseSimulator } from '../src/index.ts';
import { dataverseCaller, errorIn, rowsIn, type Call } from './callers.ts';

let dataverse: DataverseSimulator;
let call: Call;
let contact = '';
const SENDS = 'adobe_emailsend';

beforeAll(async () => {
  dataverse = await startDataverse({ contacts: 2 });
  call = await dataverseCaller(dataverse);
  [contact = ''] = dataverse.contactIds({ top: 1 });
});
afterAll(() => dataverse.close());
afterEach(() => dataverse.setSwitches(DataverseSwitches.parse({})));

const whoAmI = async () => String((await call('GET', 'WhoAmI')).json?.['UserId']);
const held = async () => {
  const path = `systemusers(${await whoAmI()})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges`;
  return call('GET', path);
};
const privilegesOf = async (table: string) => {
  const path = `EntityDefinitions(LogicalName='${table}')?$select=LogicalName,Privileges`;
  return (await call('GET', path)).json?.['Privileges'] as Record<string, unknown>[];
};
const sent = () => ({
  subject: 'x',
  'regardingobjectid_contact_adobe_emailsend@odata.bind': `/contacts(${contact})`,
});
const create = () => call('POST', 'adobe_emailsends', sent());

test.each(['create', 'append'] as const)('an activity is refused without %s', async (privilege) => {
  dataverse.revokePrivilege(SENDS, privilege);
  const refused = await create();
  expect([refused.status, errorIn(refused).code]).toEqual([403, '0x80040220']);
  dataverse.grantPrivilege(SENDS, privilege);
  expect((await create()).status).toBe(204);
});

test('an activity regarding a contact is refused without the right to append to contacts', async () => {
  dataverse.revokePrivilege('contact', 'appendTo');
  expect(errorIn(await create()).message).toContain('prvAppendToContact');
  dataverse.grantPrivilege('contact', 'appendTo');
});

test.each([
  ['shared', 'prvCreateActivity', 403],
  ['own', 'prvCreateadobe_emailsend', 204],
] as const)(
  'activities may have privileges that are %s',
  async (activityPrivileges, name, open) => {
    dataverse.setSwitches({ activityPrivileges });
    const told = (await privilegesOf(SENDS)).find((one) => one['PrivilegeType'] === 'Create');
    expect(told).toMatchObject({ Name: name });
    dataverse.revokePrivilege('adobe_emailopen', 'create');
    expect((await create()).status).toBe(open);
    dataverse.grantPrivilege('adobe_emailopen', 'create');
  },
);

test.each([true, false])('privileges are told with their names: %s', async (privilegeNames) => {
  dataverse.setSwitches({ privilegeNames });
  const [one = {}] = (await held()).json?.['RolePrivileges'] as Record<string, unknown>[];
  expect(one).toMatchObject({ Depth: 'Global' });
  expect('PrivilegeName' in one).toBe(privilegeNames);
});

test.each([
  ['anyone', 200],
  ['nobody', 403],
] as const)('%s may ask for the privileges that are held', async (tellsPrivileges, status) => {
  dataverse.setSwitches({ tellsPrivileges });
  expect((await held()).status).toBe(status);
});

test.each([true, false])('activities have the column of the sort date: %s', async (present) => {
  await using other = await startDataverse({ switches: { sortDateOnActivities: present } });
  const ask = await dataverseCaller(other);
  const path = `EntityDefinitions(LogicalName='${SENDS}')/Attributes?$select=LogicalName`;
  const names = rowsIn(await ask('GET', path)).map((one) => one['LogicalName']);
  expect(names.includes('sortdate')).toBe(present);
});
