import { resolve } from 'node:path';
import { defaultCollateral, type Plan, ruleText } from '@flowpact/response';
import { beforeAll, describe, expect, it } from 'vitest';
import { scenarioNames } from '../../src/generate/scenarios/scenarios.ts';
import { type Trial, tryScenario } from './scenario-trials.ts';

const page = resolve(import.meta.dirname, '../../../../docs/reference/mitigation-scenarios.md');
const trials: Trial[] = [];

beforeAll(async () => {
  for (const scenario of scenarioNames) trials.push(await tryScenario(scenario));
}, 120_000);

describe('the rules against each labelled scenario', () => {
  it('hit no more of others than the limits let, by the labels', () => {
    for (const { scenario, others, clientsHit } of trials) {
      expect(others.hosts, scenario).toBeLessThanOrEqual(defaultCollateral.limits.maxOtherHosts);
      expect(others.flows, scenario).toBeLessThanOrEqual(defaultCollateral.limits.maxOtherFlows);
      expect(clientsHit, scenario).toBe(0);
    }
  });

  it('hit what the report said: the labels know nothing that it did not', () => {
    for (const { scenario, plans, others, rules } of trials) {
      const reported = freeCandidates(plans).reduce(
        (sum, { collateral }) => sum + (collateral?.others.hit.flows ?? 0),
        0,
      );
      expect(reported, scenario).toBeGreaterThanOrEqual(others.flows);
      if (rules.length === 0) expect(others.flows, scenario).toBe(0);
    }
  });

  it('name no source that may be forged', () => {
    for (const { scenario, rules } of trials) {
      if (!/flood|amplification/.test(scenario)) continue;
      for (const { match } of rules) expect(match.source, scenario).toBeUndefined();
    }
  });

  it('are in the reference', async () => {
    await expect(pageText()).toMatchFileSnapshot(page);
  });
});

const freeCandidates = (plans: readonly Plan[]) =>
  plans.map(({ candidates, chosen }) => candidates[chosen]).filter(({ refusal }) => refusal === undefined);

function pageText(): string {
  const rows = trials.map((trial) => {
    const { scenario, foundBy, rules, attackPackets, others, clientsHit } = trial;
    const first = rules.length === 0 ? `none: ${whyNone(trial)}` : `\`${ruleText(rules[0])}\``;
    const more = rules.length > 1 ? ` and ${rules.length - 1} more like it` : '';
    const share = `${((100 * attackPackets.hit) / attackPackets.all).toFixed(1)} %`;
    return `| ${scenario} | ${foundBy === undefined ? 'by hand' : `\`${foundBy}\``} | ${first}${more} | ${share} | ${others.flows} / ${others.hosts} | ${clientsHit} |`;
  });
  return `# Rules against the scenarios of \`generate\`

Made by \`npx vitest run packages/flowpact/test/response/scenario-table.test.ts -u\`, which also asserts it.
[What it means](../explanation/collateral.md).

Each scenario is put into eight minutes of everyday traffic of 50 flows a second (seed 1), beside 40 clients of the service that is
attacked, or servers that answer what the victim of an amplification asked them. A rule that ships finds it, where there is one, else an event is
made by hand, with the first 100 flows of the attack as its evidence. The rules are those that \`drop\` and \`blackhole\` give with the
limits of the defaults, and nothing is against. What they hit is counted by the labels of the generator, which the report
does not know: of the attack's packets, those that a rule surely hits; of others, all that it may hit.

| scenario | event | rules | packets of the attack | others: flows / hosts | clients |
|---|---|---|---:|---:|---:|
${rows.join('\n')}
`;
}

/** Of what was tried, that which would help most. */
function whyNone({ plans }: Trial): string {
  const all = plans.flatMap(({ candidates }) => candidates).filter(({ rule }) => rule.action.kind === 'drop');
  const ofTarget = all.filter(({ rule }) => rule.match.source === undefined);
  const [first] = (ofTarget.length > 0 ? ofTarget : all).toSorted(
    (a, b) => (b.collateral?.attack.hit.packets ?? 0) - (a.collateral?.attack.hit.packets ?? 0),
  );
  return first === undefined
    ? 'nothing to be named'
    : `\`${ruleText(first.rule)}\` is refused, ${first.refusal}`;
}
