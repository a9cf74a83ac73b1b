import {
  INITIAL_INGRESS_CONFIGURATION,
  IngressConfiguration,
  type TableMapping,
} from '@landbridge/contracts';
import type { CustomTableInput, ResourceInput } from '@landbridge/simulators';

/** A customer's own table; `links` lead from its lookups to other tables. */
type Own = { name: string; label: string; links: Link[] };
type Link = { lookup: string; attribute: string; to: string };

/** Orders refer to contacts and shops, articles to shops, lines to orders and articles. */
const OWN: readonly Own[] = [
  { name: 'shop', label: 'Shop', links: [] },
  {
    name: 'article',
    label: 'Article',
    links: [{ lookup: 'new_shop', attribute: 'ShopId', to: 'new_shop' }],
  },
  {
    name: 'order',
    label: 'Order',
    links: [
      { lookup: 'new_contact', attribute: 'ProfileId', to: 'contact' },
      { lookup: 'new_shop', attribute: 'ShopId', to: 'new_shop' },
    ],
  },
  {
    name: 'line',
    label: 'Line',
    links: [
      { lookup: 'new_order', attribute: 'OrderId', to: 'new_order' },
      { lookup: 'new_article', attribute: 'ArticleId', to: 'new_article' },
    ],
  },
];

const TEXT_MAX = 100;
const tableOf = (name: string): string => `new_${name}`;
const resourceOf = (label: string): string => `cus${label}`;

/** Where links of a table lead, by the lookup's name: parents before their children. */
export const PARENTS: readonly { table: string; parents: Record<string, string> }[] = OWN.map(
  ({ name, links }) => ({
    table: tableOf(name),
    parents: Object.fromEntries(links.map(({ lookup, to }) => [lookup, to])),
  }),
);

/** The table whose records have parents and grandparents. */
export const CHILD = { table: 'new_line', resource: 'cusLine', name: 'LineName' } as const;

/** `new_note` is not mapped. */
export const DYNAMICS_TABLES: readonly CustomTableInput[] = OWN.map(({ name, label, links }) => ({
  name: tableOf(name),
  entitySet: `${tableOf(name)}s`,
  label,
  columns: [
    { name: 'new_city', type: 'string', lengthMax: TEXT_MAX },
    { name: 'new_note', type: 'string', lengthMax: TEXT_MAX },
    ...links.map(({ lookup, to }) => ({ name: lookup, type: 'lookup' as const, targets: [to] })),
  ],
}));

const text = (name: string) => ({ name, type: 'string', lengthMax: TEXT_MAX }) as const;
const readOnly = (name: string) => ({ name, type: 'datetime', readOnly: true }) as const;

export const CAMPAIGN_RESOURCES: readonly ResourceInput[] = OWN.map(({ label, links }) => ({
  name: resourceOf(label),
  label,
  linkedToProfile: true,
  attributes: [
    ...['externalId', `${label}Name`, 'City', ...links.map(({ attribute }) => attribute)].map(text),
    ...['created', 'lastModified'].map(readOnly),
  ],
  keys: [['externalId']],
  filters: [{ name: 'byExternalId', parameters: { externalId_parameter: 'externalId' } }],
}));

/** Contact → profile as every instance has it, and the four; parents before their children. */
export const FIVE_TABLES: readonly TableMapping[] = IngressConfiguration.parse({
  mappings: [
    ...INITIAL_INGRESS_CONFIGURATION.mappings,
    ...OWN.map(({ name, label, links }) => ({
      dynamicsTable: tableOf(name),
      campaignResource: resourceOf(label),
      key: { dynamics: `${tableOf(name)}id`, campaign: 'externalId' },
      fields: [
        { dynamics: 'new_name', campaign: `${label}Name` },
        { dynamics: 'new_city', campaign: 'City' },
      ],
      links: links.map(({ lookup, attribute, to }) => ({
        ...{ dynamics: lookup, campaign: attribute, to },
        by: 'column',
      })),
    })),
  ],
}).mappings;
