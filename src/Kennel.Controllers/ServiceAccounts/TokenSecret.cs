using System.Text;
using Kennel.Client;
using Kennel.Client.Running;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Controllers.ServiceAccounts;

/// <summary>What becomes of one Secret that shall hold a token.</summary>
public static class TokenSecret
{
    public const string Type = "kubernetes.io/service-account-token";
    public const string AccountName = "kubernetes.io/service-account.name";
    public const string AccountUid = "kubernetes.io/service-account.uid";

    /// <summary>The account that a Secret names; empty when it isn't of this kind.</summary>
    public static string AccountOf(Secret secret) => secret.Type == Type ? secret.Metadata.Annotations.GetValueOrDefault(AccountName) ?? "" : "";

    /// <param name="account">That the Secret names, or null when there is none of this name.</param>
    public static Decision Decide(Secret secret, ServiceAccount? account, string authorityPem, Func<ServiceAccount, Secret, string> sign)
    {
        var name = AccountOf(secret);
        if (name.Length == 0 || secret.Metadata.DeletionTimestamp is not null) return Decision.Nothing;
        var uid = secret.Metadata.Annotations.GetValueOrDefault(AccountUid) ?? "";
        if (account is null || uid.Length > 0 && uid != account.Metadata.Uid)
            return new([new AccountGone(secret.Metadata.Namespace!, name, uid), new Step.Delete(Secret.Resource, ObjectKey.Of(secret), secret.Metadata.Uid)]);
        var token = secret.Data.GetValueOrDefault("token") is { Length: > 0 } kept ? kept : Base64(sign(account, secret));
        var data = new SortedDictionary<string, string>(secret.Data.ToDictionary(), StringComparer.Ordinal)
        {
            ["ca.crt"] = Base64(authorityPem), ["namespace"] = Base64(secret.Metadata.Namespace!), ["token"] = token,
        };
        if (uid.Length > 0 && data.Count == secret.Data.Count && data.All(d => secret.Data[d.Key] == d.Value)) return Decision.Nothing;
        var annotations = new SortedDictionary<string, string>(secret.Metadata.Annotations.ToDictionary(), StringComparer.Ordinal) { [AccountUid] = account.Metadata.Uid ?? "" };
        return new([new Step.Update(secret with { Metadata = secret.Metadata with { Annotations = annotations }, Data = data })]);
    }

    static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}

/// <summary>Before a Secret goes with its account: the account really isn't there. The cache of accounts may lag behind that of Secrets.</summary>
/// <param name="Uid">The account that the Secret was made for; empty when it wasn't filled yet.</param>
public sealed record AccountGone(string Namespace, string Name, string Uid) : Step.Own
{
    public override async ValueTask<string?> Apply(IApi api, CancellationToken cancel)
    {
        var answer = await api.Send(new("GET", ServiceAccount.Resource.Path(Namespace, Name)), cancel);
        if (answer.Status == 404) return null;
        if (!answer.Succeeded) return $"service account {Namespace}/{Name} could not be read: status {answer.Status}";
        return Uid.Length > 0 && Json.Read<ServiceAccount>(answer.Body.Span).Metadata.Uid != Uid ? null : $"service account {Namespace}/{Name} is there after all";
    }
}
