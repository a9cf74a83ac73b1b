import type { CallCounts, CallQueryInput, CallRecord } from '../control/call.schema.ts';
import type { FaultRule, FaultRuleInput, Latency } from '../control/fault.schema.ts';
import type {
  Attribute,
  AttributeType,
  CustomFilterInput,
  Join,
  ResourceInput,
} from './attribute.schema.ts';
import type { FilesControl } from '../files/files-control.ts';
import type { MailControl } from '../mail/mail-control.ts';
import type { CampaignSwitches } from './campaign-switches.schema.ts';

export type CampaignValue =
  string | number | boolean | null | { [attribute: string]: CampaignValue };

/** A record as GET answers it: sub-objects nested, empty text `""`, empty number 0. */
export type CampaignRecord = { [attribute: string]: CampaignValue };

/**
 * What a marketer, an administrator or bad luck does to the Campaign stand-in. The same methods
 * answer over HTTP: `POST {controlUrl}/_simulator/<method>` with a JSON array of the arguments.
 */
export type CampaignControl = MailControl &
  FilesControl & {
    /** Every profile, in the order of their insertion. */
    profiles(): CampaignRecord[];
    profileCount(): number;
    /** The profile with that value of `externalId` (or of `keyAttribute`), else null. */
    profile(key: string, keyAttribute?: string): CampaignRecord | null;
    /** Values of `externalId` (or of `keyAttribute`) that more than one profile bears. */
    duplicates(keyAttribute?: string): string[];
    createProfile(values: CampaignRecord): string;
    changeProfile(key: string, values: CampaignRecord): void;
    deleteProfile(key: string): void;
    /** Generates that many profiles that no sync made. */
    seedProfiles(count: number): void;

    records(resource: string): CampaignRecord[];
    recordCount(resource: string): number;
    record(resource: string, keyAttribute: string, key: string): CampaignRecord | null;
    createRecord(resource: string, values: CampaignRecord): string;
    deleteAllRecords(resource: string): void;

    addFault(rule: FaultRuleInput): string;
    removeFault(id: string): void;
    clearFaults(): void;
    faults(): (FaultRule & { id: string; met: number })[];
    setLatency(latency: Latency): void;
    /** Access tokens handed out so far are refused with 401013 from now on. */
    expireAccessTokens(): void;
    setCredentials(credentials: { clientSecret?: string }): void;
    /** Off: the technical account lacks its product profile, 403023. */
    setProductProfile(present: boolean): void;
    /** Off: the account's roles let it read and not write. */
    setWriteRight(present: boolean): void;
    /** The API and the journal refuse connections; SFTP is another host and goes on. */
    goAway(): Promise<void>;
    comeBack(): Promise<void>;

    setSwitches(switches: Partial<CampaignSwitches>): void;
    switches(): CampaignSwitches;
    /** Rows above which `next` is withheld unless `_forcePagination=true`. */
    setBigTableThreshold(rows: number): void;
    /** How far this instance's clock is ahead of the machine's; negative: behind. */
    setClockSkew(ms: number): void;

    addResource(resource: ResourceInput): void;
    removeResource(resource: string): void;
    addAttribute(resource: string, attribute: Attribute): void;
    removeAttribute(resource: string, attribute: string): void;
    renameAttribute(resource: string, attribute: string, to: string): void;
    retypeAttribute(resource: string, attribute: string, type: AttributeType): void;
    setAttributeLength(resource: string, attribute: string, lengthMax: number): void;
    /** Makes a link of the attribute; with cardinality `one`, records without their parent hide. */
    setJoin(resource: string, attribute: string, join: Join): void;
    setKeys(resource: string, keys: string[][]): void;
    setFilters(resource: string, filters: CustomFilterInput[]): void;

    calls(query?: CallQueryInput): CallRecord[];
    callCounts(): CallCounts;
    resetCalls(): void;
  };
