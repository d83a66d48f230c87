/** What a request that failed says: what happened, and what to do. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly type: string,
    message: string,
    readonly traceId: string | undefined,
    readonly errors: Record<string, string[]>,
    readonly body: Record<string, unknown>,
  ) {
    super(message);
  }

  /** All that it says: what is wrong with each field, or what happened. */
  get words() { return Object.values(this.errors).flat().join(' ') || this.message; }
  get isOffline() { return this.status === 0; }
  get isConflict() { return this.status === 412; }

  static async from(answer: Response): Promise<Problem> {
    const body = await answer.json().catch(() => ({})) as Record<string, unknown>;
    const text = (name: string) => typeof body[name] === 'string' ? body[name] : undefined;
    return new Problem(answer.status, (text('type') ?? '').replace('urn:leadcrm:', ''), text('detail') ?? text('title') ?? `The server answered ${answer.status}. Nothing was changed; try again in a few seconds.`,
      text('traceId'), (body.errors ?? {}) as Record<string, string[]>, body);
  }

  static offline(): Problem {
    return new Problem(0, 'offline', 'The server cannot be reached. What you typed stays here; try again when you are online.', undefined, {}, {});
  }

  static of(error: unknown): Problem {
    return error instanceof Problem ? error : new Problem(0, 'unexpected', error instanceof Error ? error.message : String(error), undefined, {}, {});
  }
}
