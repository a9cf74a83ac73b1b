import { series } from '../control/scatter.ts';
import type { DataverseControl } from '../dataverse/dataverse-control.ts';

const CITIES = ['Lyon', 'Kyoto', '臺北', 'Αθήνα', 'Łódź', 'Recife', 'Tromsø', 'Київ'];

/** How much of the work is what: mostly changes, some new contacts, a few deletions. */
const CREATES = 0.25;
const DELETES = 0.05;
/**
 * Fewer deletions an hour than Landbridge lets through unasked however few contacts there are
 * (`massDeletes.unasked`, 10): that deletes wait for a person shall be somebody's own doing.
 */
const DELETION_EVERY_MS = 8 * 60_000;

/**
 * Lets people change contacts by themselves, evenly over time; now and then one deletes one.
 * Units  `perMinute` counts changes, new contacts and deletions together; 0 does nothing.
 */
export function letPeopleWork(
  dataverse: DataverseControl,
  perMinute: number,
  seed: number,
): { stop: () => void } {
  if (perMinute <= 0) return { stop: () => undefined };
  const random = series(seed);
  let deletedMs = -Infinity;
  const mayDelete = (): boolean => {
    const nowMs = performance.now();
    if (nowMs - deletedMs < DELETION_EVERY_MS) return false;
    deletedMs = nowMs;
    return true;
  };
  const timer = setInterval(() => act(dataverse, random, mayDelete), 60_000 / perMinute);
  return { stop: () => clearInterval(timer) };
}

function act(dataverse: DataverseControl, random: () => number, mayDelete: () => boolean): void {
  const lot = random();
  const skip = Math.floor(random() * dataverse.contactCount());
  const [id] = dataverse.contactIds({ skip, top: 1 });
  if (lot < CREATES || id === undefined) {
    dataverse.createContact();
    return;
  }
  if (lot < CREATES + DELETES && mayDelete()) {
    dataverse.deleteContact(id);
    return;
  }
  const city = CITIES[Math.floor(random() * CITIES.length)] ?? 'Lyon';
  dataverse.changeContact(id, { address1_city: city, mobilephone: `+33 6${phone(random)}` });
}

function phone(random: () => number): string {
  return String(Math.floor(random() * 1e8)).padStart(8, '0');
}
