import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const SCREENSHOTS = join(import.meta.dirname, '../../screenshots');

/**
 * Waits until nothing moves but what moves for good: in the middle of a transition colours are not
 * those that people read. An animation that is given up is over, too.
 */
async function untilStill(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const moving = () =>
      document
        .getAnimations()
        .filter(
          ({ playState, effect }) =>
            playState === 'running' && effect?.getComputedTiming().iterations !== Infinity,
        );
    for (let some = moving(); some.length > 0; some = moving()) {
      await Promise.allSettled(some.map(({ finished }) => finished));
    }
  })()`);
}

/** Keeps a picture of the whole page, for people to look at. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  await untilStill(page);
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** What axe finds wrong with the page as it is now, as `rule: element`. */
export async function axeFindings(page: Page): Promise<string[]> {
  await untilStill(page);
  // react-aria's own region for announcements keeps for seconds what named an element now gone.
  const { violations } = await new AxeBuilder({ page }).exclude('[data-live-announcer]').analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

/** How much of the page is wider than the window, in pixels. */
export async function overflowPx(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

/** Counts layout shifts from now on; call before the page is opened. */
export async function watchLayoutShifts(page: Page): Promise<() => Promise<number>> {
  await page.addInitScript(`
    window.layoutShift = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (!entry.hadRecentInput) window.layoutShift += entry.value;
      }
    }).observe({ type: 'layout-shift', buffered: true });
  `);
  return async () => Number(await page.evaluate('window.layoutShift'));
}
