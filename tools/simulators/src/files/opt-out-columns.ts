import type { Values } from '../campaign/record-store.ts';
import type { MailSwitches } from '../mail/mail-switches.schema.ts';
import { manualName, OPT_OUTS } from '../mail/opt-outs.ts';
import { fileBoolean, fileDate, type FileColumn } from './delimited-text.ts';

type Column = FileColumn<Values>;

const LABELS: Record<(typeof OPT_OUTS)[number], string> = {
  blackList: 'No longer contact (by any channel)',
  blackListEmail: 'No longer contact by email',
  blackListFax: 'No longer contact by fax',
  blackListMobile: 'No longer contact by SMS',
  blackListPhone: 'No longer contact by phone',
  blackListPostalMail: 'No longer contact by direct mail',
  blackListPushnotification: 'No longer contact by push notification',
  ccpaOptOut: 'CCPA Opt-Out',
};

/** The profile's own key, then each opt-out with the time it last changed, where it has one. */
export function optOutColumns(switches: MailSwitches): Column[] {
  const named = (name: string): string =>
    switches.optOutNames === 'denyList' ? manualName(name) : name;
  return [
    {
      name: 'externalId',
      label: 'External ID',
      value: (values) => String(values['externalId'] ?? ''),
    },
    ...OPT_OUTS.flatMap((attribute): Column[] => [
      {
        name: named(attribute),
        label: LABELS[attribute],
        value: (values) => fileBoolean(values[attribute] === true, switches),
      },
      ...(switches.optOutTimes && attribute !== 'blackListPushnotification'
        ? [
            {
              name: `${named(attribute)}LastModified`,
              label: `${LABELS[attribute]}: last modified`,
              value: (values: Values) => fileDate(timeOf(values, attribute), switches),
            },
          ]
        : []),
    ]),
    {
      name: 'lastModified',
      label: 'Last modified',
      value: (values) => fileDate(String(values['lastModified'] ?? ''), switches),
    },
  ];
}

/** When the profile's opt-outs last changed, as text that sorts; `''` where none ever did. */
export function lastOptOut(values: Values): string {
  return OPT_OUTS.map((attribute) => timeOf(values, attribute)).reduce((latest, time) =>
    time > latest ? time : latest,
  );
}

function timeOf(values: Values, attribute: string): string {
  const own = values[`${attribute}LastModified`] ?? '';
  return String(
    attribute === 'blackList' && own === '' ? (values['blackListAllLastModified'] ?? '') : own,
  );
}
