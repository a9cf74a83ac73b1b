import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { pruneSchemas } from '../src/openapi/prune-schemas.ts';
import { openAppWorld, type AppWorld } from './app-world.ts';

type Operation = {
  summary?: string;
  parameters?: { name: string; in: string }[];
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
};
type Document = {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object> };
};

let world: AppWorld;
let document: Document;
beforeAll(async () => {
  world = await openAppWorld();
  document = (await world.app.inject('/openapi.json')).json<Document>();
});
afterAll(async () => world[Symbol.asyncDispose]());

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

test('the committed copy is not stale; `npm run openapi -w apps/control-plane` mends it', async () => {
  const path = join(import.meta.dirname, '../../../docs/openapi.json');
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(document);
});

/** Faults that Redocly's own reading of the specification finds. */
async function faultsOf(source: string): Promise<string[]> {
  const config = await createConfig({
    rules: {
      struct: 'error',
      'no-unresolved-refs': 'error',
      'path-parameters-defined': 'error',
      'operation-parameters-unique': 'error',
      'no-identical-paths': 'error',
      'no-ambiguous-paths': 'error',
      'security-defined': 'error',
    },
  });
  const faults = await lintFromString({ source, absoluteRef: '/openapi.json', config });
  return faults.map(({ message }) => message);
}

test('it is a valid OpenAPI 3.1 document, which a fault in it would not be', async () => {
  const source = JSON.stringify(document);
  expect(document.openapi).toBe('3.1.0');
  expect(await faultsOf(source)).toEqual([]);
  expect(await faultsOf(source.replace('"responses"', '"respnses"'))).not.toEqual([]);
});

test('each operation says what it does, and names each parameter of its path', () => {
  for (const { path, operation } of operations()) {
    expect(operation.summary).toBeTruthy();
    const named = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    expect(named.map(({ name }) => name)).toEqual(inPath);
  }
});

test('each operation of the API describes what it answers when it refuses', () => {
  for (const { path, method, operation } of operations()) {
    if (!path.startsWith('/api/')) continue;
    const refusals = Object.entries(operation.responses).filter(([status]) => status >= '400');
    const statuses = refusals.map(([status]) => status);
    expect(statuses).toEqual(expect.arrayContaining(['401', '500']));
    if (path.includes('{')) expect(statuses).toContain('404');
    if (method !== 'get') expect(statuses).toEqual(expect.arrayContaining(['400', '413', '415']));
    for (const [, { content }] of refusals) {
      expect(content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
  }
});

test('no schema of an answer has a secret in it', () => {
  for (const [name, schema] of Object.entries(document.components.schemas)) {
    if (name.endsWith('Body') || name.endsWith('Input')) continue;
    expect(JSON.stringify(schema)).not.toMatch(/"(clientSecret|privateKey)"/);
  }
});

test('two names for one schema become one, and unused ones go', () => {
  const to = (name: string) => ({ $ref: `#/components/schemas/${name}` });
  const schemas = {
    Leaf: { type: 'string' },
    LeafInput: { type: 'string' },
    Tree: { properties: { leaf: to('Leaf') } },
    TreeInput: { properties: { leaf: to('LeafInput') } },
    Odd: { type: 'string' },
    OddInput: { type: 'number' },
    Unused: {},
  };
  const pruned = pruneSchemas({ '/x': [to('TreeInput'), to('OddInput'), to('Odd')] }, schemas);
  expect(pruned.paths).toEqual({ '/x': [to('Tree'), to('OddInput'), to('Odd')] });
  expect(Object.keys(pruned.schemas)).toEqual(['Leaf', 'Odd', 'OddInput', 'Tree']);
});
