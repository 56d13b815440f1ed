/** What `config example` prints: everything that a first configuration wants, the rest as comments. */
export const configExample = `# flowpact.yaml: what \`flowpact run\` does. All keys: docs/reference/configuration.md
# Paths are relative to this file. Check it with: flowpact config check

stateDirectory: state

# Where flow records come in: NetFlow v5, v9 and IPFIX. 0.0.0.0 hears other hosts, too.
collectors:
  - listen: udp://127.0.0.1:4739
  - listen: tcp://127.0.0.1:4739

# What is looked for: files of EPL statements; this one comes with Flowpact.
modules:
  - file: '@flowpact/rules/multi-stage-http/multi-stage-http.epl'

# What is found: security events, and rows of statements. As JSON lines here; docs/reference/outputs.md says where else.
outputs:
  - to: events.ndjson
  - to: '-'
    what: detections
  #- to: elasticsearch://127.0.0.1:9200
  #  format: ecs
  #- to: syslog+tls://log.example

# Whom to tell. docs/how-to/connect-with-a-partner.md says how the keys are made and exchanged.
#exchange:
#  name: isp-a.example
#  addressSpace: [192.0.2.0/24, '2001:db8::/32']
#  keys:
#    - file: isp-a.asc
#      passphraseFile: isp-a.passphrase
#  mail:
#    from: flex@isp-a.example
#    relay:
#      server: mail.isp-a.example:25
#    listen:
#      address: 127.0.0.1:2525
#  # Partners are files of partners.d/, which \`flowpact partners accept\` writes.

# What may be done against what is found. docs/how-to/mitigate.md says how; nothing is applied in this mode.
#response:
#  mode: dry-run
#  playbook:
#    - eventTypes: [bruteForce, scan]
#      level: approve
#      emitters: [host]
#      lifetimeSeconds: 3600
#  emitters:
#    - kind: nftables
#      name: host
#      hook: input
#  rails:
#    allowList: [192.0.2.53/32]

# The page: http://127.0.0.1:4780/; beside it the API, /metrics and /healthz.
http:
  listen: 127.0.0.1:4780
`;
