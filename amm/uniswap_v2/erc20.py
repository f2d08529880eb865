"""The ERC-20 in the pair, whose token is a share of its liquidity: who holds them, and who may move whose."""

from amm.errors import InvalidSignatureError, PermitExpiredError, check_int
from amm.math import safe_math
from amm.math.fixed_point import MAX_UINT256
from amm.uniswap_v2.state import PairState


class UniswapV2ERC20(PairState):
    """The pair's shares. None of these functions looks at the lock: a callback may call them.

    The contract's msg.sender is the first argument.
    """

    __slots__ = ()

    def transfer(self, sender: str, to: str, value: int) -> None:
        """Hand liquidity shares over.

        Raises:
            SubtractionUnderflowError: ("ds-math-sub-underflow") if the sender has fewer.
        """
        check_int("value", value, 0, MAX_UINT256)
        self.balance_of[sender] = safe_math.sub(self.balance_of.get(sender, 0), value)
        self.balance_of[to] = self.balance_of.get(to, 0) + value

    def approve(self, sender: str, spender: str, value: int) -> None:
        """Let `spender` move up to `value` of the sender's shares from now on; 2**256 - 1 is without an end."""
        check_int("value", value, 0, MAX_UINT256)
        self.allowance[sender, spender] = value

    def transfer_from(self, sender: str, owner: str, to: str, value: int) -> None:
        """Hand over shares of an owner who has allowed the sender to; an allowance without an end stays as it is.

        Raises:
            SubtractionUnderflowError: ("ds-math-sub-underflow") if the allowance is smaller, or the owner has fewer.
        """
        check_int("value", value, 0, MAX_UINT256)
        allowed = self.allowance.get((owner, sender), 0)
        left = allowed if allowed == MAX_UINT256 else safe_math.sub(allowed, value)
        self.transfer(owner, to, value)
        if left != allowed:
            self.allowance[owner, sender] = left

    def permit(self, owner: str, spender: str, value: int, deadline: int, signer: str | None) -> None:
        """Approve by the owner's signature (EIP-712), whoever brings it.

        Recovering who signed is left to the caller: where the contract takes v, r and s, this takes the address that
        ecrecover gets from them and from the digest of this very permit, the owner's number in `nonces` included. A
        signature of anything else gives some other address.

        Args:
            owner: who approves.
            spender: who is approved.
            value: how many shares, as in approve.
            deadline: the last second in which it is accepted.
            signer: the address recovered; None where there is none to recover.

        Raises:
            PermitExpiredError: ("UniswapV2: EXPIRED") after the deadline.
            InvalidSignatureError: ("UniswapV2: INVALID_SIGNATURE") if the signer is not the owner.
        """
        check_int("value", value, 0, MAX_UINT256)
        check_int("deadline", deadline, 0, MAX_UINT256)
        if deadline < self.timestamp:
            raise PermitExpiredError(deadline, self.timestamp)
        if signer is None or signer != owner:
            raise InvalidSignatureError(owner, signer)
        self.nonces[owner] = self.nonces.get(owner, 0) + 1
        self.approve(owner, spender, value)

    def _mint(self, to: str, value: int) -> None:
        self.total_supply += value
        self.balance_of[to] = self.balance_of.get(to, 0) + value

    def _burn(self, owner: str, value: int) -> None:
        self.balance_of[owner] -= value
        self.total_supply -= value
