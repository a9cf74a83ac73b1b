import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@landbridge/testing';
import { axeFindings, takeScreenshot } from './browser/look-at.ts';
import { openBrowser, type Browser } from './browser/open-browser.ts';
import { startRealSystem, type RealSystem } from './real-system.ts';

const CONTACTS = 3_000;

/** What a person does on the first day, on the real thing; each test goes on from the one before. */
let system: RealSystem;
let browser: Browser;

beforeAll(async () => {
  system = await startRealSystem(CONTACTS);
  browser = await openBrowser({ locale: 'en-GB' });
});
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await system[Symbol.asyncDispose]();
});

const ingress = () => browser.page.locator('[data-workflow=ingress]');
const shown = (status: string) =>
  ingress().locator(`[data-status=${status}]`).waitFor({ timeout: 60_000 });
const backlog = async () =>
  Number((await ingress().locator('[data-figure=backlog]').innerText()).replaceAll(',', ''));

test('the sign-in link works once', async () => {
  const link = system.landbridge.signInLink();
  await browser.page.goto(link);
  await browser.page.getByRole('heading', { name: 'Workflows' }).waitFor();
  const second = await fetch(link, { redirect: 'manual' });
  expect(second.status).toBe(401);
});

test('the three workflows are there, and only what is configured can be started', async () => {
  const rows = browser.page.locator('[data-workflow]');
  await shown('STOPPED');
  expect(await rows.count()).toBe(3);
  const start = (workflow: string) =>
    browser.page.locator(`[data-workflow=${workflow}]`).getByRole('button', { name: /^Start/ });
  expect(await start('ingress').isEnabled()).toBe(true);
  expect(await start('egress').isDisabled()).toBe(true);
  expect(await start('optin').isDisabled()).toBe(true);
  await browser.page
    .locator('[data-workflow=egress]')
    .getByText(/events are off/i)
    .waitFor();
});

test('started from the page it runs, and its backlog rises and goes down by itself', async () => {
  await ingress()
    .getByRole('button', { name: /^Start/ })
    .click();
  await shown('RUNNING');
  const high = await until('a backlog', backlog, (count) => count > 0, { timeoutMs: 60_000 });
  await takeScreenshot(browser.page, 'demo-running');
  await until('a smaller backlog', backlog, (count) => count < high, { timeoutMs: 60_000 });
});

test('an edit is refused beside the field where it does not fit, and nothing is saved', async () => {
  const { page } = browser;
  await ingress().getByRole('link', { name: /^Edit/ }).click();
  const added = page.locator('[data-row=new-1]');
  await page.locator('[data-row=saved-0]').getByText('Text, up to 50').waitFor();
  await page.locator('[data-action=add]').click();
  await added.locator('input').first().fill('jobtitle');
  await page.getByRole('option', { name: /jobtitle/ }).click();
  await page.locator('[data-action=save]').click();
  await added.getByText('Choose a field').waitFor();
  await takeScreenshot(page, 'demo-fault');
  await page.locator('[data-action=discard]').click();
});

test('a saved edit waits: the Stop button warns, and lists what waits and who saved it', async () => {
  const { page } = browser;
  await page.locator('[data-row=saved-0]').getByRole('switch').click({ force: true });
  await page.locator('[data-action=save]').click();
  await page.getByText('The running workflow goes on as before until Stop and Start').waitFor();
  await page.getByRole('link', { name: 'Workflows' }).click();
  await ingress().locator('[data-pending]').getByRole('button').click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('contact: firstname → firstName no longer follows updates').waitFor();
  await dialog.getByText('Saved by Local administrator').waitFor();
  await takeScreenshot(page, 'demo-pending');
  expect(await axeFindings(page)).toEqual([]);
  await page.keyboard.press('Escape');
});

test('stopped and started, the edit is in and the warning is gone', async () => {
  await ingress().getByRole('button', { name: /^Stop/ }).click();
  await shown('STOPPED');
  await ingress()
    .getByRole('button', { name: /^Start/ })
    .click();
  await shown('RUNNING');
  await ingress().locator('[data-pending]').waitFor({ state: 'detached' });
  const view = await system.landbridge.api.workflow('demo', 'ingress');
  expect(view.activeRevision).toBe(view.revision);
});

test('“Stop and start now” does both', async () => {
  const { page } = browser;
  await ingress().getByRole('link', { name: /^Edit/ }).click();
  await page.locator('[data-row=saved-0]').getByRole('switch').click({ force: true });
  await page.locator('[data-action=save]').click();
  await page.getByText(/^Saved\./).waitFor();
  await page.getByRole('link', { name: 'Workflows' }).click();
  const before = (await system.landbridge.api.workflow('demo', 'ingress')).runId;
  await ingress().locator('[data-pending]').getByRole('button').click();
  await page.getByRole('button', { name: 'Stop and start now' }).click();
  await ingress().locator('[data-pending]').waitFor({ state: 'detached', timeout: 60_000 });
  await shown('RUNNING');
  const after = await system.landbridge.api.workflow('demo', 'ingress');
  expect(after.runId).not.toBe(before);
  expect(after.pendingEdit).toBe(false);
});

test('the page follows to the end: every contact a profile, nothing left to write', async () => {
  await until('an empty backlog', backlog, (count) => count === 0, { timeoutMs: 150_000 });
  expect(system.campaign.profileCount()).toBe(CONTACTS);
});

test('the same page speaks Traditional Chinese', async () => {
  const { page } = browser;
  await page.getByRole('button', { name: 'Language' }).click();
  await page.getByRole('menuitemradio', { name: '繁體中文' }).click();
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await ingress().getByText('正在運行', { exact: true }).waitFor();
  await ingress().getByRole('link', { name: /編輯/ }).waitFor();
  await ingress().getByRole('button', { name: /停止/ }).waitFor();
  await takeScreenshot(page, 'demo-zh-TW');
  expect(await axeFindings(page)).toEqual([]);
});

test('the page heals by itself when the control plane comes back', async () => {
  const { page } = browser;
  await system.landbridge.controlPlane.kill();
  const banner = page.getByText('與伺服器的連線已中斷');
  await banner.waitFor({ timeout: 30_000 });
  await banner.waitFor({ state: 'detached', timeout: 60_000 });
  await shown('RUNNING');
});

test('signing out ends the session', async () => {
  const { page } = browser;
  await page.getByRole('button', { name: /帳戶/ }).click();
  await page.getByRole('menuitem', { name: '登出' }).click();
  await page.getByRole('heading', { name: '請使用登入連結登入' }).waitFor();
});

test('no request left for another host, and nothing complained on the way', () => {
  expect(browser.strayRequests).toEqual([]);
  // Chromium itself notes every answer that is no success, and every broken stream.
  const ours = browser.complaints.filter((text) => !text.startsWith('Failed to load resource'));
  expect(ours).toEqual([]);
});
