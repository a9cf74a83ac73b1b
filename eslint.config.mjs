import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

/** What neither a vendor client, nor the transport under it, nor a pure lib may open. */
const io = ['@nats-io/*', '@mikro-orm/*', 'fastify'];
const allow = (...tags) => tags.map((tag) => `kind:${tag}`);

const depConstraints = [
  { sourceTag: 'kind:app', notDependOnLibsWithTags: ['kind:tool'] },
  { sourceTag: 'plane:data', notDependOnLibsWithTags: ['kind:store'] },
  { sourceTag: 'kind:store', onlyDependOnLibsWithTags: allow('frame', 'pure', 'testing') },
  { sourceTag: 'kind:frame', onlyDependOnLibsWithTags: allow('frame', 'pure', 'testing') },
  {
    sourceTag: 'kind:vendor',
    onlyDependOnLibsWithTags: allow('transport', 'pure', 'testing'),
    bannedExternalImports: io,
  },
  {
    sourceTag: 'kind:transport',
    onlyDependOnLibsWithTags: allow('pure', 'testing'),
    bannedExternalImports: io,
  },
  {
    sourceTag: 'kind:pure',
    onlyDependOnLibsWithTags: allow('pure', 'testing'),
    bannedExternalImports: io,
  },
  { sourceTag: 'kind:testing', onlyDependOnLibsWithTags: allow('frame', 'pure', 'testing') },
  { sourceTag: 'kind:tool', notDependOnLibsWithTags: ['kind:app'] },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist',
      '**/node_modules',
      '.nx',
      '.landbridge',
      '**/generated',
      '**/*.mjs',
      '**/.scratch',
    ],
  },
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { '@nx': nx },
    rules: {
      '@nx/enforce-module-boundaries': [
        'error',
        { allow: [], enforceBuildableLibDependency: false, depConstraints },
      ],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      'max-depth': ['error', 4],
      'no-restricted-syntax': [
        'error',
        { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' },
        { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
        { selector: 'ExportAllDeclaration', message: 'Spell the exported names out.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', '**/*.test.tsx', 'libs/testing/**/*.ts'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.config.ts'], rules: { 'no-restricted-syntax': 'off' } },
  prettier,
);
