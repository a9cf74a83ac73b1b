/** Record → record, pure: conversions, filters, validation. Knows no NATS, Postgres or HTTP. */
export { canonicalValue } from './canonical-value.ts';
export { clearedValue, type Clearing } from './clearing.ts';
export { columnsOf, filterColumns } from './columns-of.ts';
export { comparedDigest, differingFields, type HeldValue } from './compare-fields.ts';
export { contentHash } from './content-hash.ts';
export { convert, type CampaignValue, type ConversionOptions, type Converted } from './convert.ts';
export {
  evaluateFilter,
  filterRejection,
  filterVerdict,
  type FilterDecision,
  type FilterVerdict,
  type PlacedCondition,
} from './filter.ts';
export { COMPARISONS } from './filter-comparison.ts';
export {
  activitySubject,
  type CampaignEvent,
  type EventPart,
  type EventProfile,
  type EventRejection,
  type ExtractedEvent,
  type LeftOut,
} from './events/campaign-event.ts';
export { DEFAULT_SHAPES, FLAT_SHAPE, XDM_SHAPE } from './events/event-shapes.ts';
export { extractEvent, instantOf } from './events/extract-event.ts';
export { logLayout, logRowEvent, type LogKind, type LogLayout } from './events/log-rows.ts';
export { filterShape } from './filter-shape.ts';
export { type Finding } from './finding.ts';
export {
  mapKey,
  mapRecord,
  type MappedFields,
  type MappedRecord,
  type SourceColumns,
} from './map-record.ts';
export { DEFAULT_LINK_GUARDRAILS, type LinkGuardrails } from './links/check-links.ts';
export { asAddress, isAddress, linkValues, type LinkValues } from './links/compare-links.ts';
export { type LinkedParent, mapLinks, type MappedLinks } from './links/map-links.ts';
export { validateLinks } from './links/validate-links.ts';
export { mapByField, type MappedField } from './map-by-field.ts';
export { columnNamed, fieldNamed, type MappingMetadata } from './metadata-index.ts';
export { type MappingRejection, type RejectCode } from './reject-reason.ts';
export { readingShape, schemaFault } from './schema-shape.ts';
export { checkStructure } from './structure.ts';
export {
  labelOfValue,
  tellCondition,
  tellFilter,
  type TellOptions,
  type ToldCondition,
} from './tell-filter.ts';
export { campaignLength } from './text-length.ts';
export {
  convertibility,
  sourceFamily,
  type Convertibility,
  type SourceFamily,
} from './type-pairs.ts';
export { validateFilter } from './validate-filter.ts';
export { validateIngress, validateMapping, type SystemMetadata } from './validate.ts';
export {
  decideOptin,
  type CampaignOptout,
  type DynamicsOptout,
  type OptinDecision,
  type OptinRule,
} from './optin/optin-rule.ts';
export {
  optoutAttribute,
  optoutFieldsOf,
  type OptoutAttribute,
} from './optin/optout-attributes.ts';
export { optoutLayout, type OptoutLayout } from './optin/optout-layout.ts';
export {
  readOptouts,
  type OptoutColumns,
  type OptoutReading,
  type OptoutRejection,
  type OptoutState,
  type ReadOptouts,
} from './optin/optout-reading.ts';
