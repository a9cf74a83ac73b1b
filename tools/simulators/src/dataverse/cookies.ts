/** Where a walk through pages stands. */
export type Cookie = {
  page: number;
  /** Rows up to this one have been seen: by ordinal where no order was asked for, else by keys. */
  ordinal: number;
  keys: (string | number | null)[] | null;
  tracking: boolean;
  /** Row version that the walk's delta token is to start from, when it is its first page's. */
  firstVersion: number;
  /** Inside a delta: changes up to this version and deletes up to that one were handed out. */
  delta: { changed: number; deleted: number } | null;
};

/** The page cookie as it stands in a nextLink, encoded once. */
export function skipToken(cookie: Cookie): string {
  const inner = Buffer.from(JSON.stringify(cookie)).toString('base64url');
  const text =
    `<cookie pagenumber="${cookie.page}" pagingcookie="${inner}" ` +
    `istracking="${cookie.tracking ? 'True' : 'False'}" />`;
  return encodeURIComponent(text);
}

/** Reads a cookie back; null when nobody handed it out. */
export function readCookie(text: string): Cookie | null {
  const match = /^<cookie pagenumber="\d+" pagingcookie="([\w-]+)" istracking="\w+" \/>$/.exec(
    text,
  );
  if (match?.[1] === undefined) return null;
  try {
    return JSON.parse(Buffer.from(match[1], 'base64url').toString()) as Cookie;
  } catch {
    return null;
  }
}

export type DeltaToken = { version: number; atMs: number };

/** `919042!08/22/2024 08:10:44`, encoded as Dataverse encodes it. */
export function deltaToken({ version, atMs }: DeltaToken): string {
  const iso = new Date(atMs).toISOString();
  const text = `${version}!${iso.slice(5, 7)}/${iso.slice(8, 10)}/${iso.slice(0, 4)} ${iso.slice(11, 19)}`;
  return encodeURIComponent(text)
    .replaceAll('!', '%21')
    .replace(/%2F|%3A/g, (escape) => escape.toLowerCase());
}

export function readDeltaToken(text: string): DeltaToken | null {
  const match = /^(\d+)!(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d)$/.exec(text);
  if (match === null) return null;
  const [, version, month = '', day = '', year = '', time = ''] = match;
  const atMs = Date.parse(`${year}-${month}-${day}T${time}Z`);
  return Number.isNaN(atMs) ? null : { version: Number(version), atMs };
}

/** Orders key tuples as `$orderby` does: null first, ties left to the next key. */
export function compareKeys(
  a: (string | number | null)[],
  b: (string | number | null)[],
  signs: number[],
): number {
  for (const [index, sign] of signs.entries()) {
    const x = a[index] ?? null;
    const y = b[index] ?? null;
    if (x === y) continue;
    if (x === null) return -sign;
    if (y === null) return sign;
    return x < y ? -sign : sign;
  }
  return 0;
}
