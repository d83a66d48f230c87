import { ActionIcon, Button, Group, MultiSelect, NumberInput, Select, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconX } from '@tabler/icons-react';
import { Fields, Part } from '@/shared/form/FormPage';
import { categoryNames, exitCriteria, forecastNames, type Category, type Forecast, type StageInput } from './queries';

const usual: Record<Category, { probability: number; forecastCategory: Forecast }> = {
  open: { probability: 50, forecastCategory: 'pipeline' }, won: { probability: 100, forecastCategory: 'closed' }, lost: { probability: 0, forecastCategory: 'omitted' },
};

/** The stages of a pipeline in order. One that is left out is removed; the service refuses that while a deal is in it. */
export function Stages({ value, onChange, error }: { value: StageInput[]; onChange: (next: StageInput[]) => void; error: (field: string) => string | undefined }) {
  const put = (at: number, change: Partial<StageInput>) => onChange(value.map((stage, i) => i === at ? { ...stage, ...change } : stage));
  const move = (at: number, by: number) => onChange(value.map((stage, i) => i === at ? value[at + by]! : i === at + by ? value[at]! : stage));
  const general = error('stages');

  /** Before the first stage that closes a deal: that is where an open one belongs. */
  function add() {
    const closed = value.findIndex((stage) => stage.category !== 'open');
    const at = closed < 0 ? value.length : closed;
    onChange([...value.slice(0, at), { name: '', category: 'open', ...usual.open, exitCriteria: [] }, ...value.slice(at)]);
  }

  return (
    <>
      {value.map((stage, i) => (
        <Part key={stage.id ?? `new-${i}`} title={stage.name || `Stage ${i + 1}`} actions={<Group gap={2}>
          <ActionIcon variant="subtle" color="gray" aria-label={`Move ${stage.name || `stage ${i + 1}`} up`} disabled={i === 0} onClick={() => move(i, -1)}><IconArrowUp size={14} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={`Move ${stage.name || `stage ${i + 1}`} down`} disabled={i === value.length - 1} onClick={() => move(i, 1)}><IconArrowDown size={14} /></ActionIcon>
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${stage.name || `stage ${i + 1}`}`} disabled={value.length === 1} onClick={() => onChange(value.filter((_, at) => at !== i))}><IconX size={14} /></ActionIcon>
        </Group>}>
          <Fields>
            <TextInput label="Name" aria-label={`Name of stage ${i + 1}`} autoComplete="off" value={stage.name} onChange={(event) => put(i, { name: event.currentTarget.value })} error={error(`stages[${i}].name`)} />
            <Select label="Outcome" aria-label={`Outcome of stage ${i + 1}`} allowDeselect={false} data={Object.entries(categoryNames).map(([value, label]) => ({ value, label }))} value={stage.category ?? 'open'} onChange={(category) => put(i, { category: category as Category, ...usual[category as Category] })} error={error(`stages[${i}].category`)} />
            <NumberInput label="Probability" aria-label={`Probability of stage ${i + 1}`} suffix=" %" min={0} max={100} allowDecimal={false} hideControls value={stage.probability ?? 0} onChange={(next) => put(i, { probability: Number(next) })} error={error(`stages[${i}].probability`)} />
            <Select label="Forecast" aria-label={`Forecast of stage ${i + 1}`} allowDeselect={false} data={Object.entries(forecastNames).map(([value, label]) => ({ value, label }))} value={stage.forecastCategory ?? 'pipeline'} onChange={(forecast) => put(i, { forecastCategory: forecast as Forecast })} error={error(`stages[${i}].forecastCategory`)} />
            {(stage.category ?? 'open') === 'open' && <NumberInput label="Expected days" aria-label={`Expected days of stage ${i + 1}`} description="After them a deal is marked as rotting" allowDecimal={false} hideControls value={stage.expectedDays ?? ''} onChange={(next) => put(i, { expectedDays: next === '' ? null : Number(next) })} error={error(`stages[${i}].expectedDays`)} />}
          </Fields>
          {(stage.category ?? 'open') === 'open' && <MultiSelect label="To be filled before a deal moves on" aria-label={`To be filled before a deal leaves stage ${i + 1}`} searchable hidePickedOptions data={Object.entries(exitCriteria).map(([value, label]) => ({ value, label }))} value={stage.exitCriteria ?? []} onChange={(fields) => put(i, { exitCriteria: fields })} error={error(`stages[${i}].exitCriteria`)} />}
        </Part>
      ))}
      {general && <p role="alert" style={{ color: 'var(--lc-bad)' }}>{general}</p>}
      <div><Button variant="default" onClick={add}>Add a stage</Button></div>
    </>
  );
}
