import { useCallback, useEffect, useLayoutEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { atRest, inSight, moved, type Drawn, type Range } from './rowWindow';

interface State { drawn: Drawn[]; sight: Range; width: number }

/** Rows drawn beyond those in sight: where it is going, and on the other side. Who turns pages as fast as they are drawn sees none of them. */
const [ahead, behind] = [8, 3];

/** After so long without a movement a list is at rest, in milliseconds. */
const rest = 250;

interface Options { count: number; height: number; /** What stands above the first row and stays there, in pixels. */ above: number; /** Where it was left. */ begin: number }

/** Which rows of a list are drawn, where they all have the same height: what they are drawn in scrolls in `box`. */
export function useRowWindow(box: RefObject<HTMLDivElement | null>, { count, height, above, begin }: Options) {
  const [state, setState] = useState<State>(() => ({ drawn: [], sight: inSight(begin, 0, height, count), width: 0 }));
  const at = useRef({ top: begin, height });
  const resting = useRef<number | null>(null);

  const look = useCallback(() => {
    const { scrollTop, scrollLeft, clientHeight, clientWidth } = box.current!;
    box.current!.toggleAttribute('data-sideways', scrollLeft > 0);
    const isMoving = resting.current !== null;
    const room = clientHeight - above;
    const by = scrollTop - at.current.top;
    at.current = { top: scrollTop, height };
    const sight = inSight(scrollTop, room, height, count);
    const further = isMoving && Math.abs(by) > room / 2 ? 1 : ahead;
    const range = { first: Math.max(0, sight.first - (isMoving && by > 0 ? behind : further)), last: Math.min(count - 1, sight.last + (isMoving && by < 0 ? behind : further)) };
    setState((now) => {
      const drawn = isMoving ? moved(now.drawn, range) : atRest(now.drawn, range);
      const isSame = drawn === now.drawn && sight.first === now.sight.first && sight.last === now.sight.last && clientWidth === now.width;
      return isSame ? now : { drawn, sight, width: clientWidth };
    });
  }, [box, count, height, above]);
  const latest = useRef(look);

  // It is where it was left; where rows get another height, the same ones are in sight.
  useLayoutEffect(() => {
    const top = at.current.top * height / at.current.height;
    if (box.current!.scrollTop !== top) box.current!.scrollTop = top;
  }, [box, height]);
  useLayoutEffect(() => { latest.current = look; look(); }, [look]);

  useEffect(() => {
    const element = box.current!;
    const onScroll = () => {
      clearTimeout(resting.current ?? undefined);
      resting.current = window.setTimeout(() => { resting.current = null; latest.current(); }, rest);
      flushSync(latest.current);   // in the frame that shows it
    };
    const sizes = new ResizeObserver(() => latest.current());
    sizes.observe(element);
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => { clearTimeout(resting.current ?? undefined); resting.current = null; sizes.disconnect(); element.removeEventListener('scroll', onScroll); };
  }, [box]);

  /** Scrolls just so far that a row is in sight. */
  const reveal = useCallback((index: number) => {
    const element = box.current!;
    const [begins, room] = [index * height, element.clientHeight - above];
    if (begins < element.scrollTop) element.scrollTop = begins;
    else if (begins + height > element.scrollTop + room) element.scrollTop = begins + height - room;
  }, [box, height, above]);

  return { ...state, at, reveal };
}
