import type { MailEvent } from './mail-event.ts';
import type { MailSwitches } from './mail-switches.schema.ts';

const CAMPAIGN = 'https://ns.adobe.com/experience/campaign';
const CHANNEL = 'https://ns.adobe.com/xdm/channels/email';

type Json = Record<string, unknown>;

/** The counter that tells an event's kind (xdm:directMarketing). */
const COUNTERS: Record<MailEvent['kind'], string> = {
  send: 'sends',
  open: 'opens',
  click: 'clicks',
  bounce: 'nonDeliverables',
  softBounce: 'bounces',
  mirrorPage: 'mirrorPages',
  unsubscribe: 'unsubscriptions',
};

/** The event as the journal carries it, in the shape that the switches choose. */
export function shapeOf(event: MailEvent, switches: MailSwitches): Json {
  const id = `urn:oeid:campaign:${event.id}`;
  const data = {
    ...(switches.eventShape === 'xdm' ? nested(event, switches) : flat(event, switches)),
    ...(switches.eventId === 'none' || switches.eventEnvelope === 'cloudEvents'
      ? {}
      : { [switches.eventId]: id }),
  };
  if (switches.eventEnvelope === 'bare') return data;
  return {
    specversion: '1.0',
    type: `campaign_${event.kind.toLowerCase()}`,
    source: 'urn:uuid:4d2c0a6e-7a54-4f5f-9a3b-2a3f5c8e1d77',
    datacontenttype: 'application/json',
    time: event.at,
    ...(switches.eventId === 'none' ? {} : { [switches.eventId]: id }),
    recipientclientid: '0f1e2d3c4b5a69788796a5b4c3d2e1f0',
    data,
  };
}

function counted(event: MailEvent, switches: MailSwitches): Json {
  const counter = { [`xdm:${COUNTERS[event.kind]}`]: { 'xdm:value': 1 } };
  return event.kind === 'bounce' && switches.hardBounceForm === 'topLevel'
    ? { ...counter, 'xdm:mutation': true }
    : { 'xdm:directMarketing': counter };
}

function nested(event: MailEvent, switches: MailSwitches): Json {
  const { delivery, link, member } = event;
  const isTracked = event.trackingLogId !== null;
  return {
    'xdm:timestamp': stamp(event.at),
    'xdm:channel': { '@id': CHANNEL },
    ...counted(event, switches),
    ...(switches.eventProfile === 'externalId'
      ? {}
      : {
          'xdm:endUserIDs': {
            [CAMPAIGN]: {
              'xdm:id': String(event.recipientId),
              'xdm:namespace': { 'xdm:code': 'CPGN' },
            },
          },
        }),
    ...(switches.eventProfile === 'recipientId'
      ? {}
      : { [`${CAMPAIGN}/externalID`]: event.externalId }),
    [`${CAMPAIGN}/message`]: {
      'xdm:id': event.broadLogId,
      'xdm:seedMember': member === 'seed',
      'xdm:proofMember': member === 'proof',
      'xdm:testMember': member === 'test',
      'xdm:quarantine': event.kind === 'bounce',
      ...(event.reason === ''
        ? {}
        : { 'xdm:reason': event.reason, 'xdm:reasonMessage': `554: ${event.reason}` }),
      ...(switches.journeyIds ? { 'xdm:externalID': `journey-${event.broadLogId}` } : {}),
      ...(switches.mirrorPages ? { 'xdm:mirrorPageURL': event.mirrorPage } : {}),
      'xdm:profile': { 'xdm:workEmail': { 'xdm:address': event.email } },
    },
    [`${CAMPAIGN}/delivery`]: {
      'xdm:id': delivery.id,
      'xdm:deliveryName': delivery.name,
      'xdm:deliveryLabel': delivery.label,
      'xdm:messageClass': 'oneTime',
    },
    [`${CAMPAIGN}/marketingCampaign`]: {
      'xdm:id': delivery.campaignId,
      'xdm:campaignName': delivery.campaignName,
    },
    ...(link === null
      ? {}
      : {
          [`${CAMPAIGN}/link`]: {
            'xdm:id': link.id,
            'xdm:url': link.url,
            'xdm:label': link.label,
            'xdm:category': 'email',
          },
        }),
    [`${CAMPAIGN}/eventSource`]: isTracked ? 'pipelined-trackinglogd' : 'pipelined-mta',
  };
}

function flat(event: MailEvent, switches: MailSwitches): Json {
  const { delivery, link, member } = event;
  const own: Json = {
    campaignID: String(delivery.campaignId),
    campaignName: delivery.campaignName,
    channel: 'Email',
    deliveryID: String(delivery.id),
    deliveryName: delivery.name,
    deliveryLabel: delivery.label,
    broadlogID: String(event.broadLogId),
    ...(event.trackingLogId === null ? {} : { trackinglogID: String(event.trackingLogId) }),
    ...(switches.eventProfile === 'recipientId' ? {} : { externalID: event.externalId }),
    ...(switches.eventProfile === 'externalId' ? {} : { recipientID: String(event.recipientId) }),
    ...(link === null ? {} : { url: link.url }),
    ...(event.trackingLogId === null
      ? { status: String(event.kind === 'send' ? 1 : switches.failedStatus), reason: event.reason }
      : {}),
    ...(member === 'none' ? {} : { [`${member}Member`]: true }),
    ...(switches.mirrorPages ? { mirrorPageURL: event.mirrorPage } : {}),
  };
  return {
    'xdm:timestamp': stamp(event.at),
    ...counted(event, switches),
    ...Object.fromEntries(
      Object.entries(own).map(([name, value]) => [`${CAMPAIGN}/${name}`, value]),
    ),
  };
}

/** XDM's examples write the offset out. Milliseconds stay, so that events keep their order. */
function stamp(at: string): string {
  return at.replace('Z', '+00:00');
}
