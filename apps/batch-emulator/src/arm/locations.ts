import type { Account } from '../account/account';
import { armList } from './arm-list';
import { ok, type ArmCall, type ArmResponse } from './arm-route';
import { virtualMachineSkus } from './vm-skus';

/** As many accounts as the emulator knows what to do with: its own, and some that are only resources. */
const ACCOUNT_QUOTA = 50;

/** "Location" operations of management. */
export class ArmLocations {
  constructor(private readonly account: Account) {}

  readonly quotas = (): ArmResponse => ok({ accountQuota: ACCOUNT_QUOTA });

  readonly virtualMachineSkus = ({ request }: ArmCall): ArmResponse =>
    armList(request, virtualMachineSkus, (sku) => sku);

  /** "Location - Check Name Availability". */
  readonly checkNameAvailability = ({ body }: ArmCall): ArmResponse => {
    const { name } = body;
    if (typeof name !== 'string' || !/^[a-z0-9]{3,24}$/.test(name)) {
      const message = 'An account name has 3 to 24 lower-case letters and digits.';
      return ok({ nameAvailable: false, reason: 'Invalid', message });
    }
    if (!this.account.find(name)) return ok({ nameAvailable: true });
    const message = `An account named '${name}' is already in use.`;
    return ok({ nameAvailable: false, reason: 'AlreadyExists', message });
  };
}
