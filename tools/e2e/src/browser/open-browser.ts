import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

/** Nothing that the browser does of its own accord may leave the machine. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How long an expected change of a page may take on a busy machine. */
const PATIENCE_MS = 45_000;

export interface BrowserOptions {
  locale?: string;
  theme?: 'light' | 'dark';
  width?: number;
  height?: number;
}

/** A browser with an empty profile, one page, and a record of what that page must not do. */
export interface Browser extends AsyncDisposable {
  context: BrowserContext;
  page: Page;
  /** Errors and warnings in the page's console, and errors that nobody caught. */
  complaints: string[];
  /** Requests to another host than the pages' own. */
  strayRequests: string[];
}

/** Opens the Chromium of CHROMIUM, or Debian's. Throws  where there is none. */
export async function openBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'landbridge-browser-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    headless: true,
    args: ARGUMENTS,
    locale: options.locale ?? 'en-GB',
    colorScheme: options.theme ?? 'light',
    viewport: { width: options.width ?? 1_280, height: options.height ?? 900 },
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(PATIENCE_MS);
  const complaints: string[] = [];
  const strayRequests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') strayRequests.push(request.url());
  });
  return {
    context,
    page,
    complaints,
    strayRequests,
    async [Symbol.asyncDispose]() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}
