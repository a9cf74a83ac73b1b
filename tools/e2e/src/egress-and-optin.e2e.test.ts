import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EgressConfiguration, OptinConfiguration } from '@landbridge/contracts';
import { axeFindings } from './browser/look-at.ts';
import { openBrowser, type Browser } from './browser/open-browser.ts';
import { startRealSystem, type RealSystem } from './real-system.ts';

/** Egress and Opt-In/Out set up by a person, on the real thing; each test goes on from the last. */
let system: RealSystem;
let browser: Browser;

beforeAll(async () => {
  system = await startRealSystem(20);
  browser = await openBrowser({ locale: 'en-GB' });
  await browser.page.goto(system.landbridge.signInLink());
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
});

const edit = (workflow: string) =>
  browser.page.locator(`[data-workflow=${workflow}]`).getByRole('link', { name: /^Edit/ }).click();
const toWorkflows = () => browser.page.getByRole('link', { name: 'Workflows' }).click();
const save = () => browser.page.locator('[data-action=save]').click();
const saved = () => browser.page.getByText(/^Saved\./).waitFor();
const choose = (value: string) =>
  browser.page.locator(`[data-choice=${value}]`).getByRole('radio').click({ force: true });
const configurationAt = (workflow: string) => `/instances/demo/workflows/${workflow}/configuration`;
const savedConfiguration = async (workflow: string) =>
  (await system.landbridge.api.request('GET', configurationAt(workflow))).body;

test('with all events off the page says that Start is not allowed, and why', async () => {
  await edit('egress');
  await browser.page
    .locator('[data-start-note]')
    .getByText(/All events are off/)
    .waitFor();
});

test('an event that is switched on is saved, and saved again', async () => {
  const { page } = browser;
  for (const kind of ['open', 'click']) {
    await page.locator(`[data-event=${kind}]`).getByRole('switch').click({ force: true });
    await save();
    await saved();
  }
  const { events } = EgressConfiguration.parse(await savedConfiguration('egress'));
  expect(events).toEqual({ send: false, open: true, click: true, bounce: false });
  await page.getByText(/All events are off/).waitFor({ state: 'detached' });
  expect(await axeFindings(page)).toEqual([]);
});

test('who saves second sees what the first changed, and loses neither', async () => {
  const { page } = browser;
  const configuration = EgressConfiguration.parse(await savedConfiguration('egress'));
  const theirs = { ...configuration, events: { ...configuration.events, send: true } };
  await system.landbridge.api.request('PUT', configurationAt('egress'), {
    body: theirs,
    headers: { 'if-match': '*' },
  });
  await page.locator('[data-event=bounce]').getByRole('switch').click({ force: true });
  await save();
  await page.getByText('Email Send: off → on').waitFor();
  await page.getByRole('button', { name: 'Put my changes on top of theirs' }).click();
  await save();
  await saved();
  const { events } = EgressConfiguration.parse(await savedConfiguration('egress'));
  expect(events).toEqual({ send: true, open: true, click: true, bounce: true });
});

test('Disabled and unidirectional from Dynamics 365 say why they are not started', async () => {
  const { page } = browser;
  await toWorkflows();
  await edit('optin');
  await page
    .locator('[data-start-note]')
    .getByText(/direction is Disabled/)
    .waitFor();
  await choose('dynamics-to-campaign');
  await save();
  await saved();
  await page
    .locator('[data-start-note]')
    .getByText(/needs no run of its own/)
    .waitFor();
  await page.getByRole('link', { name: 'Open the contact mapping' }).click();
  await page.locator('[data-row=key]').waitFor();
});

test('what Campaign lacks is said beside the entry, and nothing is saved', async () => {
  const { page } = browser;
  await toWorkflows();
  await edit('optin');
  await choose('bidirectional');
  await choose('poll');
  const column = page.locator('[data-optout=denyListEmail] input');
  await column.fill('donotemail');
  await page.getByRole('option', { name: /donotemail/ }).waitFor();
  // By the keyboard: the list is drawn anew when the metadata come, and a click could miss it.
  await column.press('ArrowDown');
  await column.press('Enter');
  await page.getByLabel('Filter', { exact: true }).fill('byNothing');
  await save();
  await page.getByText(/no filter byNothing/).waitFor();
  await page.getByText('Not saved: 1 entry needs mending').waitFor();
  expect(OptinConfiguration.parse(await savedConfiguration('optin')).direction).toBe(
    'dynamics-to-campaign',
  );
});

test('mended it is saved, and may be started', async () => {
  const { page } = browser;
  await page.getByLabel('Filter', { exact: true }).fill('byLastModified');
  await save();
  await saved();
  const configuration = OptinConfiguration.parse(await savedConfiguration('optin'));
  expect(configuration.direction).toBe('bidirectional');
  expect(configuration.mappings).toEqual([{ dynamics: 'donotemail', campaign: 'denyListEmail' }]);
  await toWorkflows();
  const start = page.locator('[data-workflow=optin]').getByRole('button', { name: /^Start/ });
  await start.and(page.locator(':enabled')).waitFor();
});
