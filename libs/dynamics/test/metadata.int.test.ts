import { expect, test } from '@jest/globals';
import { sendJson } from '@landbridge/testing/tiny-server';
import { errorOf, startStandIn } from './stand-in.ts';

const contact = {
  LogicalName: 'contact',
  EntitySetName: 'contacts',
  PrimaryIdAttribute: 'contactid',
  PrimaryNameAttribute: 'fullname',
  ChangeTrackingEnabled: true,
  IsCustomEntity: false,
};
const column = (LogicalName: string, type: string, more: object = {}) => ({
  LogicalName,
  AttributeTypeName: { Value: type },
  AttributeOf: null,
  IsValidForRead: true,
  ...more,
});

function answerTo(url: string): unknown {
  if (url.includes('StringAttributeMetadata')) {
    return { value: [{ LogicalName: 'firstname', MaxLength: 50 }] };
  }
  if (url.includes('LookupAttributeMetadata')) {
    return { value: [{ LogicalName: 'parentcustomerid', Targets: ['account', 'contact'] }] };
  }
  if (url.includes('/Attributes?')) {
    const shadow = column('parentcustomeridname', 'StringType', {
      AttributeOf: 'parentcustomerid',
    });
    const customer = column('parentcustomerid', 'CustomerType');
    return { value: [shadow, customer, column('firstname', 'StringType')] };
  }
  if (url.includes('EntityDefinitions?')) {
    return { value: [contact, { LogicalName: 'hidden', EntitySetName: null }] };
  }
  return contact;
}

test('a table is known in full from few requests', async () => {
  await using world = await startStandIn((seen, response) =>
    sendJson(response, answerTo(seen.url)),
  );
  const { value, calls } = await world.client.table('contact');
  expect(calls).toBe(4);
  expect(value).toMatchObject({
    table: 'contact',
    entitySet: 'contacts',
    primaryName: 'fullname',
    columns: [
      { name: 'firstname', type: 'string', lengthMax: 50 },
      { name: 'parentcustomerid', type: 'lookup', targets: ['account', 'contact'] },
    ],
  });
  const casts = world.asked().filter(({ url }) => url.includes('Microsoft.Dynamics.CRM.'));
  expect(casts.map(({ url }) => url)).toEqual([
    expect.stringContaining(
      "/EntityDefinitions(LogicalName='contact')/Attributes/Microsoft.Dynamics.CRM.StringAttributeMetadata?$select=LogicalName,MaxLength",
    ),
    expect.stringContaining('LookupAttributeMetadata?$select=LogicalName,Targets'),
  ]);
});

test("a table's name is a literal", async () => {
  await using world = await startStandIn((_, response) =>
    sendJson(response, { error: { code: '0x80060888', message: 'x' } }, { status: 404 }),
  );
  const error = await errorOf(world.client.table("o'brien"));
  expect(error).toMatchObject({ kind: 'notFound' });
  expect(world.asked()[0]?.url).toContain("LogicalName='o''brien')");
});

test('tables that the Web API does not serve are left out', async () => {
  await using world = await startStandIn((seen, response) =>
    sendJson(response, answerTo(seen.url)),
  );
  const { value, calls } = await world.client.tables();
  expect(calls).toBe(1);
  expect(value.map(({ table }) => table)).toEqual(['contact']);
});
