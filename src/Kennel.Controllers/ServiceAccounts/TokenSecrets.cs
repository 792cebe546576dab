using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ServiceAccounts;

/// <summary>
/// Fills Secrets of type kubernetes.io/service-account-token with a token that doesn't expire, and takes them away with their account. See <see cref="TokenSecret"/>.
/// </summary>
public sealed class TokenSecrets : IController
{
    const string ByAccount = "by-service-account";

    readonly ICache<Secret> _secrets;
    readonly ICache<ServiceAccount> _accounts;
    readonly string _authorityPem;
    readonly Func<ServiceAccount, Secret, string> _sign;

    /// <param name="sign">The token of an account that is good for as long as a Secret holds it.</param>
    public TokenSecrets(ICaches caches, string authorityPem, Func<ServiceAccount, Secret, string> sign)
    {
        (_secrets, _accounts) = (caches.Of<Secret>(), caches.Of<ServiceAccount>());
        (_authorityPem, _sign) = (authorityPem, sign);
        _secrets.Index(ByAccount, s => TokenSecret.AccountOf(s) is { Length: > 0 } account ? [$"{s.Metadata.Namespace}/{account}"] : []);
    }

    public string Name => "tokens-controller";

    public void Watch(ITriggers triggers)
    {
        triggers.On<Secret>((_, after) => after is not null && TokenSecret.AccountOf(after).Length > 0 ? [ObjectKey.Of(after)] : []);
        triggers.On<ServiceAccount>((before, after) => before?.Metadata.Uid == after?.Metadata.Uid ? []
            : _secrets.ByIndex(ByAccount, $"{(after ?? before)!.Metadata.Namespace}/{(after ?? before)!.Metadata.Name}").Select(s => ObjectKey.Of(s)));
    }

    public Decision Reconcile(ObjectKey key, Moment moment) =>
        _secrets.Get(key) is { } secret ? TokenSecret.Decide(secret, _accounts.Get(new(key.Namespace, TokenSecret.AccountOf(secret))), _authorityPem, _sign) : Decision.Nothing;
}
