import { ago, exactly } from './time';

/** An instant as people speak of it; the exact one on hover and for readers. */
export function When({ at }: { at: string | null | undefined }) {
  return at ? <time dateTime={at} title={exactly(at)}>{ago(at)}</time> : null;
}
