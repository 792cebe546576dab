using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kennel.Objects.Core;

namespace Kennel.Node.Volumes;

/// <summary>
/// The service account tokens of this node's pods: asked for with the pod as what they are bound to, kept while they are fresh, and replaced when
/// four fifths of their life are over (or a day, as upstream). A token that can't be replaced serves until its end.
/// </summary>
/// <param name="anonymous">Nobody will read them: the pods have no processes.</param>
sealed class Tokens(Lookup lookup, bool anonymous)
{
    const double Fresh = 0.8;
    const long DefaultSeconds = 3600;
    static readonly TimeSpan s_longest = TimeSpan.FromHours(24);

    readonly ConcurrentDictionary<(string Pod, string Account, string Audience, long Seconds), Token> _tokens = new();

    sealed record Token(byte[] Text, DateTimeOffset Since, DateTimeOffset Until)
    {
        public DateTimeOffset RenewAt { get; } = Since + TimeSpan.FromTicks(Math.Min((long)((Until - Since).Ticks * Fresh), s_longest.Ticks));
    }

    /// <exception cref="VolumeException">There is none, and none can be had.</exception>
    public async ValueTask<byte[]> For(Pod pod, ServiceAccountTokenProjection wish, DateTimeOffset now, CancellationToken cancel)
    {
        if (anonymous) return [];
        var account = string.IsNullOrEmpty(pod.Spec?.ServiceAccountName) ? "default" : pod.Spec.ServiceAccountName;
        var key = (pod.Metadata.Uid ?? "", account, wish.Audience ?? "", wish.ExpirationSeconds ?? DefaultSeconds);
        var known = _tokens.GetValueOrDefault(key);
        if (known is not null && now < known.RenewAt) return known.Text;
        try
        {
            return (_tokens[key] = await Ask(pod, key.account, key.Item3, key.Item4, now, cancel)).Text;
        }
        catch (Exception failed) when (known is not null && now < known.Until && failed is not OperationCanceledException)
        {
            return known.Text;
        }
    }

    /// <summary>The pod has gone.</summary>
    public void Forget(string pod)
    {
        foreach (var key in _tokens.Keys) if (key.Pod == pod) _tokens.TryRemove(key, out _);
    }

    async ValueTask<Token> Ask(Pod pod, string account, string audience, long seconds, DateTimeOffset now, CancellationToken cancel)
    {
        var (meta, life) = (pod.Metadata, seconds.ToString(CultureInfo.InvariantCulture));
        var bound = $$"""{"apiVersion":"v1","kind":"Pod","name":{{JsonSerializer.Serialize(meta.Name)}},"uid":{{JsonSerializer.Serialize(meta.Uid)}}}""";
        var audiences = audience.Length == 0 ? "" : $"\"audiences\":[{JsonSerializer.Serialize(audience)}],";
        var body = $$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{{{audiences}}"expirationSeconds":{{life}},"boundObjectRef":{{bound}}"""+ "}}";
        var answer = await lookup.Post($"/api/v1/namespaces/{meta.Namespace}/serviceaccounts/{account}/token", Encoding.UTF8.GetBytes(body), cancel);
        using var document = JsonDocument.Parse(answer);
        if (!document.RootElement.TryGetProperty("status", out var status) || !status.TryGetProperty("token", out var text))
            throw new VolumeException($"failed to fetch token: no token in the answer for service account \"{account}\"");
        var until = status.TryGetProperty("expirationTimestamp", out var end) && end.TryGetDateTimeOffset(out var at) ? at : now.AddSeconds(seconds);
        return new(Encoding.UTF8.GetBytes(text.GetString() ?? ""), now, until);
    }
}
