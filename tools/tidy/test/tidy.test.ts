import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { adrIndex, INDEX_PATH } from '../src/adr-index.ts';
import { root, type TrackedFile, trackedFiles } from '../src/tracked-files.ts';

const sources = trackedFiles(/^(apps|libs|tools)\/.*\.(ts|tsx|mjs)$/).filter(
  ({ path }) => !path.includes('/generated/'),
);
const isTest = (path: string): boolean => /\.test\.tsx?$|\/test\//.test(path);
const Names = z.record(z.string(), z.string()).default({});
const Manifest = z.object({ dependencies: Names, devDependencies: Names });
const paths = (files: TrackedFile[]): string[] => files.map(({ path }) => path);

test('a file can be read in one sitting: split what is longer than 300 lines, a test than 500', () => {
  const long = sources.filter(({ path, lines }) => lines.length > (isTest(path) ? 501 : 301));
  expect(long.map(({ path, lines }) => `${path}: ${lines.length}`)).toEqual([]);
});

test('folders are named after what is in them: no utils, common, helpers, shared or misc', () => {
  const vague = sources.filter(({ path }) =>
    /\/(utils?|common|helpers?|shared|misc|lib)\//.test(path),
  );
  expect(paths(vague)).toEqual([]);
});

test('a file bears a kebab-case name with a role from the closed list', () => {
  const level = /(\.property|\.int|\.story|\.e2e)?\.test$/;
  const role = /\.(decider|events|projection|routes|reader|writer|schema|config|d)$/;
  const stem = /^[A-Za-z0-9-]+$/;
  const odd = sources.filter(({ path }) => {
    const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.(ts|tsx|mjs)$/, '');
    return !stem.test(name.replace(level, '').replace(role, ''));
  });
  expect(paths(odd)).toEqual([]);
});

test('sources lie no deeper than <kind>/<project>/src/<feature>/<file>', () => {
  const deep = sources.filter(({ path }) => path.split('/').length > 6);
  expect(paths(deep)).toEqual([]);
});

test('an error’s name is its class: give it `override readonly name`', () => {
  const wrong = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/class (\w+) extends Error \{([^]*?)\n\}/g)]
      .filter(([, name, body]) => !body!.includes(`override readonly name = '${name!}'`))
      .map(([, name]) => `${path}: ${name!}`),
  );
  expect(wrong).toEqual([]);
});

test('only tests, and tools that are run by hand, stand on libs/testing', () => {
  const users = sources.filter(
    ({ path, text }) =>
      text.includes("from '@landbridge/testing") &&
      !isTest(path) &&
      !/^(libs\/testing|tools\/(stories|e2e|bench))\//.test(path),
  );
  expect(paths(users)).toEqual([]);
});

test('no test is skipped, focused or left for later', () => {
  const idle = sources.filter(
    ({ path, text }) =>
      path !== 'tools/tidy/test/tidy.test.ts' &&
      /\b(test|it|describe)\.(skip|only|todo)\b/.test(text),
  );
  expect(paths(idle)).toEqual([]);
});

test('what the compiler or the linter says is mended, not silenced', () => {
  const silenced = sources.filter(
    ({ path, text }) =>
      path !== 'tools/tidy/test/tidy.test.ts' &&
      /@ts-ignore|@ts-nocheck|eslint-disable|as any\b|as unknown as/.test(text),
  );
  expect(paths(silenced)).toEqual([]);
});

test('dependencies are exact versions, and the lock file names no download host', () => {
  const manifests = trackedFiles(/(^|\/)package\.json$/);
  const loose = manifests.flatMap(({ path, text }) =>
    [...text.matchAll(/^\s+"(@?[\w./-]+)": "([~^><*][^"]*|latest)",?$/gm)]
      .filter(([, name]) => name !== 'node')
      .map(([, name, version]) => `${path}: ${name!} ${version!}`),
  );
  expect(loose).toEqual([]);
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toMatch(/"resolved": "http/);
});

test('a package declares what it imports: its own manifest, or for tests the root’s', () => {
  const declared = (path: string): Set<string> => {
    const { dependencies, devDependencies } = Manifest.parse(
      JSON.parse(readFileSync(join(root, path, 'package.json'), 'utf8')),
    );
    return new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
  };
  const forTests = declared('.');
  const undeclared = sources.flatMap(({ path, text }) => {
    const project = path.split('/').slice(0, 2).join('/');
    const known = declared(project).add(`@landbridge/${project.split('/')[1]!}`);
    const mayUseTests = isTest(path) || project === 'libs/testing';
    return [...text.matchAll(/^(?:import '|(?:import|export)\b.* from '|\} from ')([^']+)'/gm)]
      .map(([, specifier]) => specifier!)
      .filter((specifier) => !/^(\.|node:)/.test(specifier))
      .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)![0])
      .filter((name) => !known.has(name) && !(mayUseTests && forTests.has(name)))
      .map((name) => `${path}: ${name}`);
  });
  expect(undeclared).toEqual([]);
});

test('every decision is in the index: run `npm run adr-index`', () => {
  expect(readFileSync(join(root, INDEX_PATH), 'utf8')).toBe(adrIndex());
});

test('every difference of the simulators from the real systems has a test that names it', () => {
  const [page] = trackedFiles(/^docs\/simulator-differences\.md$/);
  const ids = [...(page?.text ?? '').matchAll(/^#{2,4} ([A-Z]+-?\d+)\b/gm)].map(([, id]) => id!);
  const tests = sources.filter(({ path }) => isTest(path));
  expect(ids.length).toBeGreaterThan(0);
  expect(ids.filter((id) => !tests.some(({ text }) => text.includes(id)))).toEqual([]);
});
