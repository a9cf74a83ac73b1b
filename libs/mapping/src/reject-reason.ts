/** Why a value cannot be written as it is. Values are refused, never cut or rounded. */
export type RejectCode =
  | 'tooLong'
  | 'outOfRange'
  | 'notWhole'
  | 'inexact'
  | 'notANumber'
  | 'notABoolean'
  | 'notADate'
  | 'optionUnknown'
  | 'enumerationUnknown'
  | 'textMalformed'
  | 'valueUnreadable'
  | 'neverConvertible'
  | 'keyEmpty'
  | 'keyNotRead'
  | 'fieldUnknown';

/**
 * Shape   `field` is the Campaign attribute at fault, or the column by which a filter cannot judge;
 *         `message` names both sides, never the value, because reasons reach the event log, which
 *         holds nothing personal.
 */
export type MappingRejection = {
  code: RejectCode;
  message: string;
  field: string;
};
