import type { Scenario } from './attack.ts';
import { c2Beaconing, dnsTunnel, exfiltration, wormSpread } from './bot.ts';
import { httpBruteForce, rdpBruteForce, sshBruteForce } from './brute-force.ts';
import { dnsAmplification, ntpAmplification, synFlood } from './flood.ts';
import { multiStageHttp } from './multi-stage-http.ts';
import { horizontalScan, verticalScan } from './scan.ts';

export const scenarioNames = [
  'multi-stage-http',
  'horizontal-scan',
  'vertical-scan',
  'ssh-brute-force',
  'rdp-brute-force',
  'http-brute-force',
  'syn-flood',
  'dns-amplification',
  'ntp-amplification',
  'c2-beaconing',
  'dns-tunnel',
  'worm-spread',
  'exfiltration',
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  'multi-stage-http': multiStageHttp,
  'horizontal-scan': horizontalScan,
  'vertical-scan': verticalScan,
  'ssh-brute-force': sshBruteForce,
  'rdp-brute-force': rdpBruteForce,
  'http-brute-force': httpBruteForce,
  'syn-flood': synFlood,
  'dns-amplification': dnsAmplification,
  'ntp-amplification': ntpAmplification,
  'c2-beaconing': c2Beaconing,
  'dns-tunnel': dnsTunnel,
  'worm-spread': wormSpread,
  exfiltration,
};
