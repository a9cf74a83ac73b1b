import { egressEn } from './egress-en.ts';
import { formEn } from './form-en.ts';
import { optinEn } from './optin-en.ts';

/** Every sentence of the console in English. The other catalogues have exactly these keys. */
export const en = {
  ...formEn,
  ...egressEn,
  ...optinEn,
  'product.name': 'Landbridge',
  'document.title': '{page} · Landbridge',
  'skip.toContent': 'Skip to the content',

  'header.instance': 'Instance',
  'header.production': 'Production',
  'header.nonProduction': 'Not production',
  'header.language': 'Language',
  'header.theme.toDark': 'Switch to dark',
  'header.theme.toLight': 'Switch to light',
  'header.account': 'Account of {name}',
  'header.signOut': 'Sign out',

  'connection.lost': 'The connection to the server is lost. Showing what was known at {time}.',
  'connection.retrying': 'Trying again by itself.',

  'signIn.title': 'Sign in with your link',
  'signIn.how':
    'Landbridge prints a sign-in link in the terminal where “npm start” runs. Open that link in this browser. It works once; a new start prints a new one.',
  'signIn.retry': 'I have signed in',

  'error.title': 'This page could not be shown',
  'error.unexpected': 'Something went wrong that the page was not prepared for.',
  'error.serverSays': 'The server says: {detail}',
  'error.unreachable': 'The server cannot be reached. Check that Landbridge is running.',
  'error.retry': 'Try again',
  'error.notFound': 'There is no page at this address.',
  'error.toWorkflows': 'To the workflows',

  'instances.none.title': 'No instance yet',
  'instances.none.how':
    'An instance pairs one Dynamics 365 environment with one Campaign instance. Create the first with PUT /api/v1/instances/{id}, or run “npm start”, which brings a demo instance.',

  'workflows.title': 'Workflows',
  'workflows.loading': 'Loading the workflows',
  'workflow.ingress': 'Microsoft Dynamics 365 to Campaign',
  'workflow.egress': 'Campaign to Microsoft Dynamics 365',
  'workflow.optin': 'Opt-In/Out',

  'status.RUNNING': 'RUNNING',
  'status.STOPPED': 'STOPPED',
  'status.STARTING': 'STARTING',
  'status.FAILED': 'FAILED',
  'status.stopping': 'stopping',
  'status.since': 'since {time}',
  'status.sinceBy': 'since {time}, by {by}',
  'status.announce': '{workflow}: {status}',
  'status.announceStopping': '{workflow}: stopping',

  'figure.backlog': 'Backlog',
  'figure.backlog.oldest': 'oldest waits {age}',
  'figure.backlog.empty': 'nothing waits',
  'figure.backlog.waiting': 'waiting to be written',
  'figure.throughput': 'Throughput',
  'figure.perSecond': '{count, number, ::.#} /s',
  'figure.neverRan': 'it has not run yet',
  'figure.written': '{count, number} written in this run',
  'figure.calls': 'calls: {campaign, number} Campaign, {dynamics, number} Dynamics 365',
  'figure.dead': '{count, plural, one {# record was refused} other {# records were refused}}',

  'doing.starting': 'Checking the configuration and connecting to both systems',
  'doing.stopping':
    '{backlog, plural, =0 {Finishing the writes in flight} one {Finishing the writes in flight; # record stays queued} other {Finishing the writes in flight; # records stay queued}}',
  'doing.loading': 'Loading {table}: {done, number} of {total, number}, about {duration} left',
  'doing.loadingSlowly': 'Loading {table}: {done, number} of {total, number}',
  'doing.loadingUncounted': 'Loading {table}: {done, number} so far',
  'doing.writing':
    '{backlog, plural, one {# record waits} other {# records wait}} to be written, about {duration} left',
  'doing.waitingToWrite':
    '{backlog, plural, one {# record waits} other {# records wait}} to be written',
  'doing.watching.ingress': 'Waiting for changes in Microsoft Dynamics 365',
  'doing.watching.egress': 'Waiting for events in Campaign',
  'doing.watching.optin': 'Waiting for opt-ins and opt-outs',
  'doing.stopped': 'Nothing is being synchronised',
  'doing.stoppedBacklog':
    'Stopped with {backlog, plural, one {# record} other {# records}} in the queue; the next start goes on with them',
  'doing.failed': 'Stopped by an error; what is queued is kept',
  'duration.seconds': '{count, plural, one {# second} other {# seconds}}',
  'duration.minutes': '{count, plural, one {# minute} other {# minutes}}',
  'duration.hours': '{count, plural, one {# hour} other {# hours}}',

  'action.edit': 'Edit',
  'action.editOf': 'Edit {workflow}',
  'action.start': 'Start',
  'action.startOf': 'Start {workflow}',
  'action.stop': 'Stop',
  'action.stopOf': 'Stop {workflow}',
  'action.refused': '{action} did not work: {detail}',
  'reason.mapFirst': 'Nothing is configured yet: map a table first',
  'reason.noDynamics': 'The connection to Dynamics 365 is not set',
  'reason.noCampaign': 'The connection to Campaign is not set',
  'reason.noJournal': 'The connection to Campaign lacks the address of the events’ journal',
  'reason.noSftp': 'The connection to SFTP is not set',
  'reason.noEvents': 'All events are off: switch on send, open, click or bounce first',
  'reason.disabled': 'The direction is Disabled: choose another one first',
  'reason.inContactMapping':
    'Unidirectional from Dynamics 365 needs no run of its own: map the fields in the contact mapping of Microsoft Dynamics 365 to Campaign',
  'reason.noOptout': 'No opt-out is mapped: add a mapping first',
  'reason.alsoInOptin':
    'An opt-out of the contact mapping is mapped in Opt-In/Out too, saved or in its run, and each would undo what the other writes: take it out of one of the two',
  'reason.alsoInContactMapping':
    'An opt-out is mapped in the contact mapping of Microsoft Dynamics 365 to Campaign too, saved or in its run, and each would undo what the other writes: take it out of one of the two',
  'reason.stopping': 'It is stopping',
  'reason.notRunning': 'It is not running',

  'pending.badge': '{count, plural, one {# change waits} other {# changes wait}}',
  'pending.badgeUncounted': 'Changes wait',
  'pending.badgeOf':
    '{workflow}: {count, plural, one {# change waits} other {# changes wait}} for a restart',
  'pending.title':
    '{count, plural, one {# change waits} other {# changes wait}} until this workflow is stopped and started',
  'pending.savedBy': 'Saved by {by}, {time}',
  'pending.more': '{count, plural, one {and # more} other {and # more}}',
  'pending.restart': 'Stop and start now',
  'pending.restarting': 'Stopping, then starting',
  'pending.restartFailed':
    'It was stopped but not started again: {detail} Start it with the Start button.',
  'pending.loading': 'Loading the changes',
  'change.field.added': '{table}: {from} → {to} added',
  'change.field.removed': '{table}: {from} → {to} removed',
  'change.field.applyOn': '{table}: {from} → {to} follows updates',
  'change.field.applyOff': '{table}: {from} → {to} no longer follows updates',

  'failure.what': 'What to do:',
  'failure.credentialsRefused':
    '{system, select, dynamics {Microsoft Dynamics 365} campaign {Campaign} other {The system}} refused the credentials.',
  'failure.credentialsRefused.do':
    'Set new credentials of this connection, test it, then start again.',
  'failure.columnMissing':
    'The {system, select, dynamics {Microsoft Dynamics 365 column} other {Campaign field}} “{field}” is gone.',
  'failure.columnMissing.do':
    'Bring it back, or take it out of the mapping, then start again. It goes on where it was.',
  'failure.columnTypeChanged':
    'The {system, select, dynamics {Microsoft Dynamics 365 column} other {Campaign field}} “{field}” changed its type.',
  'failure.columnTypeChanged.do':
    'Map it to a field that fits the new type, then start again. It goes on where it was.',
  'failure.tableMissing': 'The table “{field}” is gone.',
  'failure.tableMissing.do':
    'Bring it back, or delete its mapping, then start again. It goes on where it was.',
  'failure.changeTrackingOff': 'Change tracking of the table “{field}” is switched off.',
  'failure.changeTrackingOff.do':
    'Switch on “Track changes” in the properties of this table in Power Apps, then start again.',
  'failure.privilegeMissing':
    'A right is missing in {system, select, dynamics {Microsoft Dynamics 365} other {Campaign}}.',
  'failure.privilegeMissing.do':
    'Grant the right that is named here to the application’s user, then start again.',
  'failure.configurationInvalid': 'The configuration does not fit the two systems.',
  'failure.configurationInvalid.do': 'Mend the mapping with Edit, then start again.',
  'failure.serviceSilent': 'The service that runs this workflow does not answer.',
  'failure.serviceSilent.do':
    'It comes back by itself as soon as the service does. If it stays like this, check that the service is running.',
  'failure.unexpected': 'An unexpected error ended the run.',
  'failure.unexpected.do': 'Start again. If it comes back, look into the log of the service.',

  'condition.Stalled': 'Nothing moves although records wait',
  'condition.Throttled': 'Slowed down by a limit of the other system',
  'condition.SourceUnreachable': 'Waiting for the source to recover',
  'condition.DestinationUnreachable': 'Waiting for the destination to recover',
  'condition.BudgetSpent': 'The day’s calls are spent',
  'condition.DeletesHeld': 'Deletes wait for a decision',
  'condition.ExportLate': 'No file with opt-outs has come',
  'condition.ExportUnreadable': 'A file with opt-outs cannot be read',
  'condition.NotDurable': 'The queue is not safe against a power cut',
  'condition.since': 'since {time}.',

  breadcrumbs: 'Where you are',

  'mapping.title': '{from} to {to}',
  'mapping.heading': 'Field mappings',
  'mapping.loading': 'Loading the mapping',
  'mapping.missing.title': 'There is no mapping of “{table}”',
  'mapping.missing.how': 'Go back to the workflows and open the mapping from there.',
  'mapping.source': 'Microsoft Dynamics 365 column',
  'mapping.target': 'Campaign field',
  'mapping.applyUpdates': 'Apply updates',
  'mapping.applyUpdatesOf': 'Apply updates of {field}',
  'mapping.applyAll': 'Apply updates to all',
  'mapping.applyUpdates.help':
    'On: the value follows every change. Off: it is written only when the record is created.',
  'mapping.key': 'Key',
  'mapping.key.locked': 'Identifies the record; it cannot be changed here.',
  'mapping.add': 'Add field',
  'mapping.delete': 'Delete the mapping of {field}',
  'mapping.deleteEmpty': 'Delete this empty row',
  'mapping.search': 'Search the mapped fields',
  'mapping.empty.title': 'No field is mapped yet',
  'mapping.empty.how': 'Add a field and choose its column and where it goes.',
  'mapping.nothingFound': 'No mapped field contains “{text}”.',
  'mapping.others':
    '{replacements, plural, =0 {No value replacements} one {# value replacement} other {# value replacements}} and {filter, select, yes {a filter} other {no filter}} belong to this mapping; saving keeps them as they are.',
  'mapping.choose': 'Choose',
  'mapping.noMetadata':
    'The columns and fields could not be loaded, so names are shown without types',
  'mapping.unknownColumn': 'Not found in Microsoft Dynamics 365',
  'mapping.unknownField': 'Not found in Campaign',
  'mapping.required.source': 'Choose a column',
  'mapping.required.target': 'Choose a field',
  'mapping.twice': 'This field is already mapped in another row',

  'type.length': '{type}, up to {length, number}',
  'type.dynamics.string': 'Text',
  'type.dynamics.memo': 'Long text',
  'type.dynamics.integer': 'Whole number',
  'type.dynamics.bigint': 'Big whole number',
  'type.dynamics.decimal': 'Decimal number',
  'type.dynamics.double': 'Floating point number',
  'type.dynamics.money': 'Currency',
  'type.dynamics.boolean': 'Yes/No',
  'type.dynamics.picklist': 'Choice',
  'type.dynamics.multiSelectPicklist': 'Choices',
  'type.dynamics.state': 'State',
  'type.dynamics.status': 'Status reason',
  'type.dynamics.dateOnly': 'Date',
  'type.dynamics.dateTime': 'Date and time',
  'type.dynamics.dateTimeIndependent': 'Date and time without time zone',
  'type.dynamics.lookup': 'Lookup',
  'type.dynamics.uniqueidentifier': 'Unique identifier',
  'type.dynamics.other': 'Type that cannot be mapped',
  'type.campaign.string': 'Text',
  'type.campaign.memo': 'Long text',
  'type.campaign.byte': 'Whole number, 8 bits',
  'type.campaign.short': 'Whole number, 16 bits',
  'type.campaign.integer': 'Whole number, 32 bits',
  'type.campaign.long': 'Whole number, 64 bits',
  'type.campaign.float': 'Floating point number, 32 bits',
  'type.campaign.double': 'Floating point number, 64 bits',
  'type.campaign.boolean': 'Yes/No',
  'type.campaign.date': 'Date',
  'type.campaign.datetime': 'Date and time',
  'type.campaign.enumeration': 'Enumeration',
  'type.campaign.link': 'Link',
  'type.campaign.collection': 'Collection',
  'type.campaign.other': 'Type that cannot be mapped',

  'save.save': 'Save',
  'save.saving': 'Saving',
  'save.discard': 'Discard changes',
  'save.unsaved': 'Unsaved changes',
  'save.nothing': 'No unsaved changes',
  'save.saved': 'Saved.',
  'save.savedWaits': 'Saved. The running workflow goes on as before until Stop and Start.',
  'save.warnings':
    '{count, plural, one {# thing deserves a look} other {# things deserve a look}}.',
  'save.faults':
    '{count, plural, one {Not saved: # entry needs mending} other {Not saved: # entries need mending}}',
  'save.failed': 'Not saved: {detail}',
  'save.stale.title': 'Somebody else saved meanwhile',
  'save.stale.what': 'Your changes are still here and not saved. What the other person changed:',
  'save.stale.nothing': 'The other person changed nothing of what this page shows.',
  'save.stale.added': '{from} → {to} added',
  'save.stale.removed': '{from} → {to} removed',
  'save.stale.changed': '{from} → {to} changed',
  'save.stale.merge': 'Put my changes on top of theirs',
  'save.stale.discard': 'Discard mine and show theirs',

  'leave.title': 'Leave without saving?',
  'leave.what': 'The changes that you made here would be lost.',
  'leave.leave': 'Leave without saving',
  'leave.stay': 'Stay',
} as const;
