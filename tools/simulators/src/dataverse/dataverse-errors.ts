import { json, type Reply } from '../http/exchange.ts';

/** Ends the work on a request with an error body of the Web API. */
export class DataverseRefusal extends Error {
  override readonly name = 'DataverseRefusal';
  readonly status: number;
  readonly code: string;
  readonly headers: Record<string, string>;
  constructor(status: number, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** `detailed`: annotations were asked for, which adds the details that the Web API has. */
export function errorReply(refusal: DataverseRefusal, detailed: boolean): Reply {
  const { code, message, status, headers } = refusal;
  const details = detailed
    ? {
        '@Microsoft.PowerApps.CDS.ErrorDetails.OperationStatus': '0',
        '@Microsoft.PowerApps.CDS.ErrorDetails.SubErrorCode': '2147746581',
        '@Microsoft.PowerApps.CDS.HelpLink': `http://go.microsoft.com/fwlink/?LinkID=398563&error=Microsoft.Crm.CrmException%3a${code.slice(2)}&client=platform`,
        '@Microsoft.PowerApps.CDS.InnerError.Message': message,
      }
    : {};
  return json(status, { error: { code, message, ...details } }, headers);
}

export function noProperty(property: string, logicalName: string, code = '0x80060888') {
  return new DataverseRefusal(
    400,
    code,
    `Could not find a property named '${property}' on type 'Microsoft.Dynamics.CRM.${logicalName}'.`,
  );
}

export function noSegment(segment: string) {
  return new DataverseRefusal(
    404,
    '0x8006088a',
    `Resource not found for the segment '${segment}'.`,
  );
}

export function rowAbsent(logicalName: string, id: string) {
  return new DataverseRefusal(404, '0x80040217', `${logicalName} With Id = ${id} Does Not Exist`);
}

/** A payload that the parser refuses: undeclared property, wrong type. */
export function badPayload(message: string) {
  return new DataverseRefusal(
    400,
    '0x80048d19',
    `Error identified in Payload provided by the user for Entity :'', For more information on this error please follow this help link https://go.microsoft.com/fwlink/?linkid=2195293  ---->  InnerException : Microsoft.OData.ODataException: ${message}`,
  );
}

export function badSyntax(message: string, code: string) {
  return new DataverseRefusal(400, code, message);
}

export function missingPrivilege(
  name: string,
  table: { schemaName: string; logicalName: string; objectTypeCode: number },
  userId: string,
) {
  return new DataverseRefusal(
    403,
    '0x80040220',
    `Principal user (Id=${userId}, type=8, roleCount=1, privilegeCount=400, accessMode=4) is missing ` +
      `${name} privilege (Id=7863e80f-0ab2-4d67-a641-37d9f342c7e3) on OTC=${table.objectTypeCode} ` +
      `for entity '${table.logicalName}' (LocalizedName='${table.schemaName}').`,
  );
}
