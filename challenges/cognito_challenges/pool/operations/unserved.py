"""The operations that the service has and this pool does not serve, by the subject that it lacks."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_challenges.pool.errors import ServiceError, invalid_parameter

_BY_SUBJECT: Mapping[str, tuple[str, ...]] = {
    "identity providers": (
        "AdminDisableProviderForUser", "AdminLinkProviderForUser", "CreateIdentityProvider", "DeleteIdentityProvider",
        "DescribeIdentityProvider", "GetIdentityProviderByIdentifier", "ListIdentityProviders",
        "UpdateIdentityProvider", "GetSigningCertificate",
    ),
    "domains and hosted pages": (
        "CreateUserPoolDomain", "DeleteUserPoolDomain", "DescribeUserPoolDomain", "UpdateUserPoolDomain",
        "CreateManagedLoginBranding", "DeleteManagedLoginBranding", "DescribeManagedLoginBranding",
        "DescribeManagedLoginBrandingByClient", "UpdateManagedLoginBranding", "GetUICustomization",
        "SetUICustomization", "CreateTerms", "DeleteTerms", "DescribeTerms", "DescribeTermsByClient", "ListTerms",
        "UpdateTerms",
    ),
    "resource servers and machine-to-machine tokens": (
        "CreateResourceServer", "DeleteResourceServer", "DescribeResourceServer", "ListResourceServers",
        "UpdateResourceServer", "GetClientToken",
    ),
    "client metadata documents": (
        "CreateCIMDPolicy", "DeleteCIMDPolicy", "DescribeCIMDPolicy", "ListCIMDPolicies", "UpdateCIMDPolicy",
        "ListClientMetadataURLs", "UpdateClientMetadataURLState",
    ),
    "threat protection": (
        "DescribeRiskConfiguration", "SetRiskConfiguration", "AdminListUserAuthEvents",
        "AdminUpdateAuthEventFeedback", "UpdateAuthEventFeedback",
    ),
    "log delivery and limits of an account": (
        "GetLogDeliveryConfiguration", "SetLogDeliveryConfiguration", "GetProvisionedLimit", "UpdateProvisionedLimit",
    ),
    "import jobs": (
        "CreateUserImportJob", "DescribeUserImportJob", "GetCSVHeader", "ListUserImportJobs", "StartUserImportJob",
        "StopUserImportJob",
    ),
    "replicas and recovery points": (
        "CreateUserPoolReplica", "DeleteUserPoolReplica", "ListUserPoolReplicas", "UpdateUserPoolReplica",
        "CancelPointInTimeRecovery", "DescribePointInTimeRecovery", "InitiatePointInTimeRecovery",
        "ListPointInTimeRecoveries", "StartPointInTimeRecovery",
    ),
    "the settings that SetUserMFAPreference replaced": ("AdminSetUserSettings", "SetUserSettings"),
}  # fmt: skip

NOT_SERVED: Mapping[str, str] = {
    operation: subject for subject, operations in _BY_SUBJECT.items() for operation in operations
}


def refusal(operation: str) -> ServiceError:
    """The error of an operation that is not served: the one code that the service model declares for each of them."""
    return invalid_parameter(f"{operation} is not served by this pool: it has no {NOT_SERVED[operation]}.")
