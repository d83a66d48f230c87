import { BarChart as Bars, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, TooltipComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useRef } from 'react';
import { number } from '@/shared/time';

echarts.use([Bars, LineChart, GridComponent, TooltipComponent, AriaComponent, CanvasRenderer]);

export interface Segment { key: string; label: string; value: number }

/** Room for the longest number beside its bar, in px. */
const roomFor = (segments: Segment[]) => 12 + 8 * Math.max(0, ...segments.map((one) => number(one.value).length));

/** Bars, or columns over time; a click on one goes on to what it counts. A table says the same beside it. */
export default function BarChart({ segments, overTime, height, label, onPick }: { segments: Segment[]; overTime: boolean; height: number; label: string; onPick: (segment: Segment) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('light');
  const pick = useRef(onPick);
  useEffect(() => { pick.current = onPick; });

  useEffect(() => {
    const css = getComputedStyle(document.documentElement);
    const color = (name: string) => css.getPropertyValue(name).trim();
    const [accent, line, text, muted, surface] = [color('--lc-accent'), color('--lc-line'), color('--mantine-color-text'), color('--mantine-color-dimmed'), color('--lc-surface')];
    const chart = echarts.init(box.current!, undefined, { renderer: 'canvas' });
    const names = { type: 'category' as const, data: segments.map((one) => one.label), axisLine: { lineStyle: { color: line } }, axisTick: { show: false }, axisLabel: { color: muted, fontSize: 12, width: 110, overflow: 'truncate' as const, hideOverlap: true } };
    const values = { type: 'value' as const, minInterval: 1, splitLine: { lineStyle: { color: line } }, axisLabel: { color: muted, fontSize: 12 } };
    chart.setOption({
      animation: !matchMedia('(prefers-reduced-motion: reduce)').matches, animationDuration: 150, aria: { enabled: false },
      textStyle: { fontFamily: '"Inter Variable", sans-serif', color: text },
      // Rich text is drawn; HTML would need styles in attributes, which the page does not allow.
      tooltip: { renderMode: 'richText', trigger: 'item', backgroundColor: surface, borderColor: line, textStyle: { color: text, fontSize: 13 }, formatter: ({ name, value }: { name: string; value: number }) => `${name}: ${number(value)}` },
      grid: { left: 4, right: overTime ? 8 : roomFor(segments), top: 8, bottom: 4, containLabel: true },
      xAxis: overTime ? names : { ...values, show: false }, yAxis: overTime ? values : { ...names, inverse: true, axisLine: { show: false } },
      series: [{ type: 'bar', data: segments.map((one) => one.value), barMaxWidth: overTime ? 36 : 18, itemStyle: { color: accent, borderRadius: overTime ? [3, 3, 0, 0] : [0, 3, 3, 0] }, cursor: 'pointer', ...(overTime ? {} : { label: { show: true, position: 'right', color: text, fontSize: 12, formatter: ({ value }: { value: unknown }) => number(Number(value)) } }) }],
    });
    chart.on('click', ({ dataIndex }) => { const segment = segments[dataIndex]; if (segment) pick.current(segment); });
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(box.current!);
    return () => { observer.disconnect(); chart.dispose(); };
  }, [segments, overTime, scheme]);

  return <div ref={box} role="img" aria-label={label} style={{ height, width: '100%', minWidth: 0 }} />;
}
