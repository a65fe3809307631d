import { RUN_STATES, type RunState } from '@windrow/contract';
import { Choice } from '../common/validation/fields';
import { PageQuery } from '../http/page-query';

export class RunListQuery extends PageQuery {
  @Choice({ description: 'Only runs in this state.', example: 'failed' }, RUN_STATES)
  state?: RunState;
}
