import { createMemoryEmitter, type Emitter, type EmitterKind } from '../../src/index.ts';

/** An emitter whose other side is a fake that keeps what it was asked. */
export interface WatchedEmitter {
  readonly emitter: Emitter;
  /** Everything that went to the other side, as text. */
  asked(): readonly string[];
}

/** Every kind of emitter, for tests that hold for all of them. */
export const watchedEmitters: readonly { readonly kind: EmitterKind | 'memory'; create(): WatchedEmitter }[] =
  [
    {
      kind: 'memory',
      create() {
        const emitter = createMemoryEmitter();
        return { emitter, asked: () => emitter.calls.map((call) => JSON.stringify(call)) };
      },
    },
  ];
