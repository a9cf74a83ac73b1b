import { CallLog } from '../control/call-log.ts';
import { controlDesk, serveControl } from '../control/control-desk.ts';
import { FaultBook } from '../control/fault-book.ts';
import type { Latency } from '../control/fault.schema.ts';
import { startDelivery, type SftpConnectionBody } from '../files/start-delivery.ts';
import type { Incoming } from '../http/exchange.ts';
import { Front } from '../http/front.ts';
import { JOURNAL_PATH, journalRoute } from '../mail/io-events.ts';
import { mailParts } from '../mail/mail-parts.ts';
import { madeUpPeople, type People } from '../people/person.ts';
import { Journal } from '../store/journal.ts';
import { TokenMint } from '../tokens/token-mint.ts';
import { Resource, type ResourceInput } from './attribute.schema.ts';
import type { CampaignControl } from './campaign-control.ts';
import { campaignService, refusedByGateway } from './campaign-service.ts';
import { CampaignState } from './campaign-state.ts';
import { CAMPAIGN_PARAMETERS, campaignSteering } from './campaign-steering.ts';
import { CampaignSwitches } from './campaign-switches.schema.ts';
import { customResources, profileResource } from './profile-resource.ts';

/** `resources`: published besides `profile`; without it, `cusVehicle` and `cusAccount` are. */
export type CampaignOptions = {
  host?: string;
  port?: number;
  controlPort?: number;
  profiles?: number;
  seed?: number;
  dataDirectory?: string;
  resources?: ResourceInput[];
  switches?: Partial<CampaignSwitches>;
  latency?: Latency;
  tokenLifetimeS?: number;
  /** How many of the newest calls the log keeps; 200,000 without it. */
  callsKept?: number;
  sftpPort?: number;
  /** Things that people do with their mail a minute, by themselves. */
  actsPerMinute?: number;
};

/** Ready to PUT as the API's `campaign` connection. */
export type CampaignConnectionBody = {
  url: string;
  organizationId: string;
  clientId: string;
  clientSecret: string;
  scopes: string[];
  imsUrl: string;
  eventsUrl: string;
};

export type CampaignSimulator = CampaignControl & {
  readonly url: string;
  readonly imsUrl: string;
  readonly controlUrl: string;
  readonly organizationId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scopes: string[];
  readonly connection: CampaignConnectionBody;
  readonly eventsUrl: string;
  readonly sftp: SftpConnectionBody;
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
};

const ORGANIZATION = 'demo';
const ORGANIZATION_ID = '1A2B3C4D5E6F7A8B0A495C2D@AdobeOrg';

/** The scopes that the credential page of the original app's manual shows. */
const SCOPES = [
  'AdobeID',
  'openid',
  'read_organizations',
  'additional_info.projectedProductContext',
  'additional_info.roles',
  'adobeio_api',
  'read_client_secret',
  'manage_client_secrets',
  'campaign_sdk',
  'campaign_config_server_general',
  'deliverability_service_general',
  'event_receiver_api',
];

/** Starts a stand-in for one Campaign Standard instance with IMS, I/O Events journal and SFTP. */
export async function startCampaign(options: CampaignOptions = {}): Promise<CampaignSimulator> {
  const { host = '127.0.0.1', seed = 1 } = options;
  const resources = options.resources?.map((resource) => Resource.parse(resource));
  const state = new CampaignState(
    [profileResource(), ...(resources ?? customResources())],
    CampaignSwitches.parse(options.switches ?? {}),
    new Journal(options.dataDirectory, 'campaign'),
  );
  const account = {
    clientId: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    clientSecret: 'p8e-simulated-secret',
    scopes: SCOPES,
    lifetimeS: options.tokenLifetimeS ?? 86_399,
    productProfile: true,
  };
  const faults = new FaultBook(seed, options.latency ?? 0);
  const log = new CallLog(options.callsKept);
  const mint = new TokenMint(`ims ${seed}`);
  let people: People | null = null;
  const origin = (): string => front.url;
  const mail = mailParts(state, options.dataDirectory, seed);
  const delivery = await startDelivery(state, mail.log, { ...options, host, faults, log });
  const control = campaignSteering({
    ...{ state, account, faults, log, mint, mail, front: () => front },
    ...{ files: delivery.files, sftp: delivery.server },
    people: () => (people ??= madeUpPeople(seed)),
    base: ({ resource }) =>
      `${origin()}/${ORGANIZATION}/campaign/` +
      `${resource.linkedToProfile ? 'profileAndServicesExt' : 'customResources'}/${resource.name}`,
  });
  const desk = controlDesk(control, CAMPAIGN_PARAMETERS);
  const events = {
    ...{ log: mail.log, switches: () => state.switches, nowMs: () => state.now().getTime() },
    refused: (request: Incoming) => refusedByGateway(request, { mint, account }),
    organizationId: ORGANIZATION_ID,
  };
  const service = campaignService({
    ...{ state, mint, account, organization: ORGANIZATION, origin },
    beside: (request) => journalRoute(events, request),
  });
  const front: Front = new Front({
    ...{ host, service, faults, log, control: desk },
    port: options.port ?? 0,
  });
  await front.open();
  const side = await serveControl(host, options.controlPort ?? 0, desk);
  if (options.profiles !== undefined && control.profileCount() === 0) {
    control.seedProfiles(options.profiles);
  }
  const identity = {
    url: `${front.url}/${ORGANIZATION}`,
    organizationId: ORGANIZATION_ID,
    clientId: account.clientId,
    clientSecret: account.clientSecret,
    scopes: SCOPES,
    imsUrl: front.url,
    eventsUrl: `${front.url}${JOURNAL_PATH}`,
  };
  mail.people.setRate(options.actsPerMinute ?? 0);
  const close = async (): Promise<void> => {
    mail.people.stop();
    await delivery.close();
    await front.shut();
    await side.close();
    mail.log.close();
    state.close();
  };
  return {
    ...control,
    ...identity,
    controlUrl: side.url,
    connection: identity,
    sftp: delivery.connection,
    close,
    [Symbol.asyncDispose]: close,
  };
}
