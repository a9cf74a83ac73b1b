import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openBrowser, type Browser } from './browser/open-browser.ts';
import { startFixtureServer, type FixtureServer } from './fixture/fixture-server.ts';
import { newFixtureWorld, type FixtureWorld } from './fixture/fixture-world.ts';

let world: FixtureWorld;
let server: FixtureServer;
let browser: Browser;

beforeEach(async () => {
  world = newFixtureWorld();
  server = await startFixtureServer(world);
  browser = await openBrowser({ locale: 'en-GB' });
});
afterEach(async () => {
  await browser[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

const ingress = () => browser.page.locator('[data-workflow=ingress]');
const openMapping = async () => {
  await browser.page.goto(`${server.url}/instances/demo/workflows/ingress/mappings/contact`);
  await browser.page.locator('[data-row=saved-10]').waitFor();
};
const save = () => browser.page.locator('[data-action=save]').click();

test('figures and status change by themselves', async () => {
  await browser.page.goto(server.url);
  await ingress().getByText('12,480', { exact: true }).waitFor();
  server.change('ingress', { backlog: 77 });
  await ingress().getByText('77', { exact: true }).waitFor();
});

test('a change of status is announced to people who cannot see it', async () => {
  await browser.page.goto(server.url);
  await ingress().locator('[data-status=RUNNING]').waitFor();
  server.change('ingress', { status: 'FAILED' });
  const words = 'Microsoft Dynamics 365 to Campaign: FAILED';
  await browser.page.locator('[aria-live=polite]', { hasText: words }).waitFor();
});

test('a broken connection says what the page shows, and heals by itself', async () => {
  await browser.page.goto(server.url);
  await ingress().waitFor();
  server.breakStreams(true);
  const banner = browser.page.getByText(/connection to the server is lost.*known at \d\d:\d\d/);
  await banner.waitFor();
  server.breakStreams(false);
  await banner.waitFor({ state: 'detached' });
});

test('what the server refuses is said beside the field, and goes once the field is another', async () => {
  await openMapping();
  const row = browser.page.locator('[data-row=saved-3]');
  await row.getByRole('switch').click({ force: true });
  const message = 'Campaign does not let “email” be written.';
  world.refuseSave = {
    status: 422,
    detail: 'Some fields do not fit.',
    errors: [{ pointer: '/mappings/0/fields/3/campaign', message }],
  };
  await save();
  await row.getByText(message).waitFor();
  await browser.page.getByText('Not saved: 1 entry needs mending').waitFor();
  await row.locator('input').nth(1).fill('job');
  // The list fills itself once the box has the focus; a key pressed before would choose nothing.
  await browser.page.getByRole('option', { name: /job/i }).first().click();
  await row.getByText(message).waitFor({ state: 'detached' });
});

test('what the server finds noteworthy is shown with the row it concerns', async () => {
  await openMapping();
  const message = 'Up to 50 characters are read, but “firstName” takes 30.';
  world.warnings = [{ pointer: '/mappings/0/fields/0/campaign', message }];
  await browser.page.locator('[data-row=saved-3]').getByRole('switch').click({ force: true });
  await save();
  await browser.page.locator('[data-row=saved-0]').getByText(message).waitFor();
});

test('who saves second sees what the first changed, and loses neither', async () => {
  await openMapping();
  await browser.page.locator('[data-row=saved-3]').getByRole('switch').click({ force: true });
  const [mapping] = world.configuration.mappings;
  mapping?.fields.splice(1, 1);
  world.revision += 1;
  await save();
  await browser.page.getByText('middlename → middleName removed').waitFor();
  await browser.page.getByRole('button', { name: 'Put my changes on top of theirs' }).click();
  await save();
  await browser.page.getByText(/^Saved\./).waitFor();
  const saved = world.configuration.mappings[0]?.fields ?? [];
  expect(saved.some(({ dynamics }) => dynamics === 'middlename')).toBe(false);
  expect(saved.find(({ campaign }) => campaign === 'email')?.applyUpdates).toBe(false);
});

test('who saves second may take what the first saved, and every entry shows it', async () => {
  await openMapping();
  const { page } = browser;
  await page.locator('[data-row=saved-3]').getByRole('switch').click({ force: true });
  world.configuration.mappings[0]?.fields.splice(0, 1);
  world.revision += 1;
  await save();
  await page.getByText('firstname → firstName removed').waitFor();
  await page.getByRole('button', { name: 'Discard mine and show theirs' }).click();
  await page.getByText('No unsaved changes').waitFor();
  const rows = page.locator('[data-row]:not([data-row=key])');
  await rows.first().locator('input[value="Middle Name (middlename)"]').waitFor();
  expect(await rows.count()).toBe(world.configuration.mappings[0]?.fields.length);
});

test('what is wrong with a row is said until that row is another, whatever becomes of others', async () => {
  await openMapping();
  const { page } = browser;
  await page.locator('[data-action=add]').click();
  await save();
  const fault = page.locator('[data-row=new-1]').getByText('Choose a column');
  await fault.waitFor();
  await page.locator('[data-row=saved-3]').getByRole('switch').click({ force: true });
  await page.getByRole('switch', { name: 'Apply updates to all' }).click({ force: true });
  await page.getByText('Unsaved changes').waitFor();
  expect(await fault.isVisible()).toBe(true);
  await page.locator('[data-row=new-1]').getByRole('switch').click({ force: true });
  await fault.waitFor({ state: 'detached' });
});

test('saving keeps replacements, filter and whatever else this page does not edit', async () => {
  const [mapping] = world.configuration.mappings;
  if (mapping) mapping.filter = { all: [{ dynamics: 'statecode', is: 'eq', value: 0 }] };
  const before = structuredClone(world.configuration);
  await openMapping();
  await browser.page.locator('[data-row=saved-0]').getByRole('switch').click({ force: true });
  await save();
  await browser.page.getByText(/^Saved\./).waitFor();
  const [first] = before.mappings[0]?.fields ?? [];
  if (first) first.applyUpdates = false;
  expect(world.configuration).toEqual(before);
});

test('a workflow is stopped and started with the keyboard alone', async () => {
  await browser.page.goto(server.url);
  await ingress().getByRole('button', { name: /^Stop/ }).focus();
  await browser.page.keyboard.press('Enter');
  await ingress().locator('[data-status=STOPPED]').waitFor();
  // The focus follows the button that took the other's place; a key pressed before would be lost.
  const start = ingress().getByRole('button', { name: /^Start/ });
  await start.and(browser.page.locator(':focus')).waitFor();
  await browser.page.keyboard.press('Enter');
  await ingress().locator('[data-status=RUNNING]').waitFor();
});

test('language and theme are chosen in the header and remembered', async () => {
  const { page } = browser;
  await page.goto(server.url);
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitemradio', { name: '繁體中文' }).click();
  await page.getByRole('heading', { name: '工作流程' }).waitFor();
  await page.getByRole('button', { name: '切換為深色' }).click();
  await page.reload();
  await ingress().getByText('正在運行').waitFor();
  expect(await page.evaluate('document.documentElement.dataset.colorScheme')).toBe('dark');
});
