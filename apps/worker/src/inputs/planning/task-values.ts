import type { JobSpec, JsonObject, PlannedTask, TemplateScope } from '@windrow/contract';
import { InvalidInputError } from '../errors';
import type { Item } from '../item';
import { expandTemplate, parseTemplate } from './templates';
import type { Template } from './templates';

/** Which task is being planned, for the templates. */
export interface TaskFacts {
  index: number;
  items: number;
  /** The first item and its number in the input, from 1. */
  first: Item;
  firstNumber: number;
}

/** The templates of a job's command line and environment, read once and expanded for each task. */
export class TaskValues {
  private readonly command: Template | undefined;
  private readonly environment: (readonly [string, Template])[];
  private readonly usesItem: Template | undefined;
  private readonly parameters: JsonObject;

  /** @throws InvalidInputError `InvalidTemplate` */
  constructor({ task, parameters = {} }: Pick<JobSpec, 'task' | 'parameters'>) {
    this.parameters = parameters;
    this.command = parseTemplate(task.commandLine, '$.task.commandLine', { isCommand: true });
    this.environment = Object.entries(task.environment ?? {}).flatMap(([name, text]) => {
      const template = parseTemplate(text, `$.task.environment.${name}`);
      return template ? [[name, template] as const] : [];
    });
    this.usesItem = [this.command, ...this.environment.map(([, template]) => template)].find(
      (template) => template?.usesItem,
    );
  }

  get needsItem(): boolean {
    return this.usesItem !== undefined;
  }

  /** Only what templates expanded to. @throws InvalidInputError `InvalidTemplate` */
  of({ index, items, first, firstNumber }: TaskFacts): Pick<PlannedTask, 'commandLine' | 'environment'> {
    if (this.usesItem && items !== 1) {
      throw new InvalidInputError(
        'InvalidTemplate',
        `{{item...}} stands for one item, but task ${index} has ${items}. Set $.batching.maxItemsPerTask to 1, or read items.jsonl in the task.`,
        { path: this.usesItem.path },
      );
    }
    const scope: TemplateScope = { parameters: this.parameters, task: { index } };
    if (this.usesItem) scope.item = first.value;
    const expand = (template: Template) => expandTemplate(template, scope, firstNumber);
    return {
      ...(this.command && { commandLine: expand(this.command) }),
      ...(this.environment.length > 0 && {
        environment: Object.fromEntries(this.environment.map(([name, template]) => [name, expand(template)])),
      }),
    };
  }
}
