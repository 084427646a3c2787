import { machineLaws } from '../kit/machine-laws.js'
import { paymentModel } from './payment-machine.model.js'

machineLaws(paymentModel)
