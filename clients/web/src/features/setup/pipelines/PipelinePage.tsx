import { Button, Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { usePage } from '@/app/page';
import { pipelinesQuery } from '@/features/opportunities/opportunities';
import { Confirm } from '@/shared/Confirm';
import { Fields, FormPage, Part } from '@/shared/form/FormPage';
import { useForm } from '@/shared/form/useForm';
import { tell } from '@/shared/notices';
import { Empty } from '@/shared/States';
import { Loaded, setup } from '../SetupPage';
import { changePipeline, createPipeline, deletePipeline, pipelinesChanged, readPipeline, type Pipeline, type StageInput } from './queries';
import { Stages } from './Stages';

interface Input { name: string; isDefault: boolean; stages: StageInput[] }

const stageOf = ({ id, name, category, probability, forecastCategory, expectedDays, exitCriteria }: Pipeline['stages'][number]): StageInput => ({ id, name, category, probability, forecastCategory, expectedDays, exitCriteria });
const inputOf = ({ name, isDefault, stages }: Pipeline): Input => ({ name, isDefault, stages: stages.toSorted((a, b) => a.position - b.position).map(stageOf) });

/** What a new pipeline begins with: the least that one needs. */
const empty: Input = {
  name: '', isDefault: false, stages: [
    { name: 'Open', category: 'open', probability: 10, forecastCategory: 'pipeline', exitCriteria: [] },
    { name: 'Won', category: 'won', probability: 100, forecastCategory: 'closed', exitCriteria: [] },
    { name: 'Lost', category: 'lost', probability: 0, forecastCategory: 'omitted', exitCriteria: [] },
  ],
};

/** A pipeline, new or not, with its stages in order (OP2). */
export function PipelinePage() {
  const { id } = useParams();
  const pipelines = useQuery(pipelinesQuery);
  const pipeline = pipelines.data?.find((one) => one.id === id);
  usePage(id ? pipeline?.name ?? 'Pipeline' : 'New pipeline', setup, { label: 'Pipelines and stages', to: '/setup/pipelines' });
  return <Loaded query={pipelines} what="The pipeline">{() => id && !pipeline ? <Empty>There is no such pipeline. Somebody may have deleted it.</Empty> : <Whole key={id ?? 'new'} pipeline={pipeline ?? null} />}</Loaded>;
}

function Whole({ pipeline }: { pipeline: Pipeline | null }) {
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const form = useForm<Input, Pipeline>({
    draft: pipeline ? `setup:pipeline:${pipeline.id}` : 'setup:new-pipeline', record: pipeline ? inputOf(pipeline) : empty, version: pipeline?.version ?? null,
    check: (value) => {
      const errors: Record<string, string[]> = {};
      if (!value.name.trim()) errors.name = ['Enter a name.'];
      value.stages.forEach((stage, i) => { if (!stage.name.trim()) errors[`stages[${i}].name`] = ['Enter a name.']; });
      return errors;
    },
    read: pipeline ? async () => { const fresh = await readPipeline(pipeline.id); return { record: inputOf(fresh), version: fresh.version }; } : undefined,
    save: (value, _change, version, key) => pipeline ? changePipeline(pipeline.id, version, value) : createPipeline(value, key),
    saved: (saved) => { void pipelinesChanged(); tell(`${saved.name} is saved.`); void navigate('/setup/pipelines'); },
  });
  return (
    <FormPage form={form} title={pipeline?.name ?? 'New pipeline'} saveLabel="Save pipeline" cancelTo="/setup/pipelines" labels={{ name: 'Name', isDefault: 'New opportunities go here', stages: 'The stages' }}
      show={(field, value) => field === 'stages' ? (value as StageInput[]).map((stage) => stage.name).join(' ▸ ') : typeof value === 'boolean' ? value ? 'yes' : 'no' : String(value)}
      actions={pipeline && !pipeline.isDefault && <Button variant="default" onClick={() => setDeleting(true)}>Delete</Button>}>
      <Part title="Pipeline">
        <Fields><TextInput label="Name" {...form.text('name')} /></Fields>
        <Checkbox label="New opportunities go here" description={pipeline?.isDefault ? 'To change it, say so of another pipeline' : undefined} disabled={pipeline?.isDefault} {...form.flag('isDefault')} />
      </Part>
      <Stages value={form.value.stages} onChange={(stages) => form.put({ stages })} error={(field) => form.error(field)} />
      {deleting && pipeline && (
        <Confirm title={`Delete “${pipeline.name}”`} label="Delete pipeline" onClose={() => setDeleting(false)} run={async () => { await deletePipeline(pipeline); await pipelinesChanged(); tell(`“${pipeline.name}” is deleted.`); void navigate('/setup/pipelines'); }}>
          <p>Only a pipeline that no opportunity is in can be deleted, those in the recycle bin included.</p>
        </Confirm>
      )}
    </FormPage>
  );
}
