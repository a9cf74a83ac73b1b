import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { axeFindings, overflowPx, takeScreenshot, watchLayoutShifts } from './browser/look-at.ts';
import { openBrowser, type Browser } from './browser/open-browser.ts';
import { startFixtureServer, type FixtureServer } from './fixture/fixture-server.ts';
import { newFixtureWorld, type FixtureWorld } from './fixture/fixture-world.ts';

/** Every screen in every dress, on a stand-in for the control plane that can show any state. */
const dresses = [
  { locale: 'en-GB', theme: 'light', width: 1_280 },
  { locale: 'en-GB', theme: 'dark', width: 360 },
  { locale: 'zh-TW', theme: 'dark', width: 1_280 },
  { locale: 'zh-TW', theme: 'light', width: 360 },
] as const;

const failure = {
  code: 'columnMissing',
  system: 'dynamics',
  field: 'new_tier',
  message: 'The column new_tier of contact does not exist any more.',
} as const;
/** Chromium itself notes an answer that is no success: this table is not there. */
const NO_TABLE = /^Failed to load resource: .* 404 /;
const either = { allowed: true, reason: null };

describe.each(dresses)('in $locale, $theme, $width px', ({ locale, theme, width }) => {
  let world: FixtureWorld;
  let server: FixtureServer;
  let browser: Browser;
  let shifts: () => Promise<number>;

  beforeAll(async () => {
    world = newFixtureWorld();
    server = await startFixtureServer(world);
    browser = await openBrowser({ locale, theme, width });
    shifts = await watchLayoutShifts(browser.page);
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
  });

  async function isSound(name: string, expected: RegExp | null = null): Promise<void> {
    const { page } = browser;
    await takeScreenshot(page, `${name}-${locale}-${theme}-${width}`);
    expect(await axeFindings(page)).toEqual([]);
    expect(await overflowPx(page)).toBeLessThanOrEqual(0);
    expect(browser.strayRequests).toEqual([]);
    const complaints = browser.complaints.splice(0);
    expect(complaints.filter((text) => expected?.test(text) !== true)).toEqual([]);
  }

  test('the workflows, one of which runs', async () => {
    await browser.page.goto(server.url);
    await browser.page.locator('[data-status=RUNNING]').waitFor();
    await isSound('workflows');
    expect(await shifts()).toBeLessThan(0.02);
  });

  test('a workflow that failed, with conditions, in production', async () => {
    const since = new Date().toISOString();
    server.change('ingress', {
      status: 'FAILED',
      failure,
      actions: { start: either, stop: either },
      conditions: [
        { type: 'NotDurable', since, message: 'nats-server runs without sync_interval: always.' },
      ],
    });
    await browser.page.goto(`${server.url}/instances/prod/workflows`);
    await browser.page.locator('[data-status=FAILED]').waitFor();
    await isSound('failed');
  });

  test('changes that wait, opened', async () => {
    const actions = { start: { allowed: false, reason: 'It is running already.' }, stop: either };
    server.change('ingress', {
      status: 'RUNNING',
      failure: null,
      conditions: [],
      pendingEdit: true,
      actions,
    });
    await browser.page.goto(`${server.url}/instances/demo/workflows`);
    await browser.page.locator('[data-pending]').getByRole('button').click();
    const dialog = browser.page.getByRole('dialog');
    await dialog.getByText('cusJobTitle').waitFor();
    await dialog.getByText('Local administrator').waitFor();
    await isSound('pending');
    await browser.page.keyboard.press('Escape');
  });

  test('the contact mapping', async () => {
    await browser.page.goto(`${server.url}/instances/demo/workflows/ingress/mappings/contact`);
    await browser.page.locator('[data-row=saved-10]').waitFor();
    await isSound('mapping');
  });

  test('a mapping with entries that need mending', async () => {
    const { page } = browser;
    await page.locator('[data-action=add]').click();
    await page.locator('[data-action=save]').click();
    const entry = page.locator('[data-row=new-1] input').first();
    await entry.and(page.locator('[aria-invalid=true]')).waitFor();
    const focused = "document.activeElement.closest('[data-row]').dataset.row";
    expect(await page.evaluate(focused)).toBe('new-1');
    await isSound('faults');
  });

  test('leaving with unsaved changes asks first', async () => {
    const { page } = browser;
    await page.locator('nav a').click();
    await page.getByRole('alertdialog').waitFor();
    await isSound('leave');
    await page.getByRole('alertdialog').getByRole('button').first().click();
    expect(page.url()).toContain('/mappings/contact');
  });

  test('the events that go to timelines: all off, the journal, and what the tables have', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/instances/demo/workflows/egress`);
    await page.locator('[data-start-note]').waitFor();
    await page.locator('[data-activity=send]').getByRole('button').click();
    await page
      .getByText('Sent On (adobe_senton)')
      .or(page.locator('input[value*=adobe_senton]'))
      .first()
      .waitFor();
    await isSound('egress', NO_TABLE);
  });

  test('the log files, and an entry of theirs that needs mending', async () => {
    const { page } = browser;
    await page.locator('[data-choice=files]').getByRole('radio').click({ force: true });
    await page.locator('input[value="*deliverylog*"]').fill('');
    await page.locator('[data-action=save]').click();
    await page.locator('input[aria-invalid=true]').first().waitFor();
    await isSound('egress-files', NO_TABLE);
    await page.locator('[data-action=discard]').click();
  });

  test('opt-outs, switched off', async () => {
    const { page } = browser;
    await page.goto(`${server.url}/instances/demo/workflows/optin`);
    await page.locator('[data-optout=denyListEmail]').waitFor();
    await page.locator('[data-start-note]').waitFor();
    await isSound('optin-disabled');
  });

  test('opt-outs from Dynamics 365: configured elsewhere, with the way there', async () => {
    const { page } = browser;
    await page
      .locator('[data-choice=dynamics-to-campaign]')
      .getByRole('radio')
      .click({ force: true });
    await page.locator('main a[href$="/mappings/contact"]').waitFor();
    await isSound('optin-in-mapping');
  });

  test('opt-outs either way: the rule, by polling, and why one is what it is', async () => {
    const { page } = browser;
    await page.locator('[data-choice=bidirectional]').getByRole('radio').click({ force: true });
    await page.getByRole('table').waitFor();
    await page.locator('[data-choice=poll]').getByRole('radio').click({ force: true });
    await page.locator('form input').fill('5f6a0c80-7f0a-4d8e-9c59-2a3f6d1b0001');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 3 }).first().waitFor();
    await isSound('optin-either-way');
    await page.locator('[data-action=discard]').click();
  });

  test('no session: how to sign in', async () => {
    world.signedIn = false;
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await takeScreenshot(page, `sign-in-${locale}-${theme}-${width}`);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
    world.signedIn = true;
  });

  test('no instance yet: what to do', async () => {
    const { instances } = world;
    world.instances = [];
    const page = await browser.context.newPage();
    await page.goto(server.url);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await takeScreenshot(page, `no-instance-${locale}-${theme}-${width}`);
    expect(await axeFindings(page)).toEqual([]);
    await page.close();
    world.instances = instances;
  });
});
