/** The attribute in Dynamics 365: its value, and when the whole record was last modified. */
export type DynamicsOptout = { value: boolean | null; modifiedOn: number };

/** The opt-out in Campaign, and when itself was last changed; null: never, or not told. */
export type CampaignOptout = { value: boolean | null; changedAt: number | null };

/**
 * Which rule decided. `campaignNewer`: Campaign's value. `dynamicsNewerOrEqual`: TRUE if either
 * is. `withinSkew`: Campaign seems newer, but by no more than the clocks may be apart: TRUE if
 * either is. `campaignOnly`: the direction knows no other. `agree`: there is nothing to decide.
 */
export type OptinRule =
  'agree' | 'campaignOnly' | 'campaignNewer' | 'dynamicsNewerOrEqual' | 'withinSkew';

export type OptinDecision = {
  /** What holds on both sides from now on. */
  value: boolean;
  rule: OptinRule;
  /** Whose value it is. `both`: they agreed. */
  winner: 'dynamics' | 'campaign' | 'both';
  write: 'nothing' | 'dynamics' | 'campaign';
};

/**
 * Decides one opt-out of one person. An empty value is FALSE: nobody has opted out.
 * Units   times in milliseconds since 1970; `skewMs`: so far the systems' clocks may be apart.
 * Source  Adobe, "Managing opt-out": Campaign newer, Campaign's value; Dynamics newer or equal,
 *         TRUE if either is TRUE. docs/opt-in-out.md has the table.
 */
export function decideOptin(
  direction: 'campaign-to-dynamics' | 'bidirectional',
  sides: { dynamics: DynamicsOptout; campaign: CampaignOptout },
  skewMs: number,
): OptinDecision {
  const dynamics = sides.dynamics.value ?? false;
  const campaign = sides.campaign.value ?? false;
  if (dynamics === campaign) {
    return { value: dynamics, rule: 'agree', winner: 'both', write: 'nothing' };
  }
  const rule = direction === 'bidirectional' ? ruleBetween(sides, skewMs) : 'campaignOnly';
  // They differ, so that "TRUE if either is" is TRUE.
  const value = rule === 'campaignOnly' || rule === 'campaignNewer' ? campaign : true;
  return value === campaign
    ? { value, rule, winner: 'campaign', write: 'dynamics' }
    : { value, rule, winner: 'dynamics', write: 'campaign' };
}

function ruleBetween(
  { dynamics, campaign }: { dynamics: DynamicsOptout; campaign: CampaignOptout },
  skewMs: number,
): OptinRule {
  const aheadMs = (campaign.changedAt ?? -Infinity) - dynamics.modifiedOn;
  if (aheadMs > skewMs) return 'campaignNewer';
  return aheadMs > 0 ? 'withinSkew' : 'dynamicsNewerOrEqual';
}
