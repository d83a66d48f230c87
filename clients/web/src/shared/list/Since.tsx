import { ago } from '@/shared/time';

/** An instant in a cell, as people speak of it; the list says on hover when exactly that was. */
export const Since = ({ at }: { at: string | null | undefined }) => at ? <time dateTime={at}>{ago(at)}</time> : null;
