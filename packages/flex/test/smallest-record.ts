import type { CorrelatedFlows, FlexRecord } from '../src/index.ts';

/** A record with nothing that can be left out, but for the groups given. */
export function smallestRecord(...correlation: CorrelatedFlows[]): FlexRecord {
  return {
    settings: { id: 7, msgType: 'alert', eventType: 'dDoS', type: 'ipfix', version: 'ten' },
    flowFields: { fields: [] },
    detection: { sender: { name: 'a.example' }, created: '20260101120000Z' },
    correlation,
  };
}

/** Its DER, written by hand. */
export const smallestRecordHex = `
  60 55                                       -- FLEXRecord ::= [APPLICATION 0]
    30 53
      a0 1d                                   -- settings [0]
        61 1b                                 -- Settings ::= [APPLICATION 1]
          30 19
            a0 03   02 01 07                  -- id 7
            a1 03   0a 01 00                  -- msgType alert
            a2 03   0a 01 01                  -- eventType dDoS
            a3 03   0a 01 01                  -- type ipfix
            a4 03   0a 01 04                  -- version ten
      a1 08                                   -- flowFields [1]
        62 06                                 -- FlowFieldTypes ::= [APPLICATION 2]
          30 04
            a0 02   30 00                     -- fields, none
      a2 28                                   -- detection [2]
        63 26                                 -- Detection ::= [APPLICATION 3]
          30 24
            a0 0f                             -- sender
              30 0d
                a0 0b   0c 09 612e6578616d706c65            -- name "a.example"
            a1 11   18 0f 32303236303130313132303030305a    -- created
`.replaceAll(/--.*/g, '');
