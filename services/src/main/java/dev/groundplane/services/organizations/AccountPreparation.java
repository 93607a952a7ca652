package dev.groundplane.services.organizations;

/** Makes what a new account has from the start. */
@FunctionalInterface
public interface AccountPreparation {
    /**
     * Makes the account's roles. Idempotent; may block.
     *
     * @param account the new account
     * @param role the name of the role with all rights that trusts the management account
     * @param managementAccount twelve digits
     */
    void prepare(String account, String role, String managementAccount);
}
