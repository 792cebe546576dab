using System.Collections.Immutable;
using System.Net;
using Kennel.Network.Names.Wire;
using Kennel.Objects;
using Kennel.Objects.Core;

namespace Kennel.Network.Names;

/// <summary>The names of the cluster (SS-1209..1215): a pure function of a question and of what is known.</summary>
public static class Answering
{
    /// <summary>Answers may be remembered this long: pods come back under other addresses, so not longer.</summary>
    public const uint TtlSeconds = 5;

    const string SchemaVersion = "1.1.0";

    /// <summary>The answer; null when the name isn't the cluster's and somebody else has to be asked.</summary>
    public static Reply? Answer(Question question, Directory names)
    {
        if (question.Name.EndsWith(".in-addr.arpa", StringComparison.Ordinal)) return Reverse(question, names);
        if (question.Name != names.Zone && !question.Name.EndsWith("." + names.Zone, StringComparison.Ordinal)) return null;
        var labels = question.Name.Length == names.Zone.Length ? [] : question.Name[..^(names.Zone.Length + 1)].Split('.');
        var found = Find(question.Name, labels, names);
        if (found is null) return Nothing(names, ResponseCode.NameError);
        var fitting = found.Where(r => question.Type == RecordType.Any || r.Data.Type == question.Type || r.Data is Data.Cname).ToImmutableArray();
        return fitting.IsEmpty ? Nothing(names, ResponseCode.NoError) : new(ResponseCode.NoError, fitting, [], Along(fitting, names));
    }

    /// <summary>Everything known under a name; null when there is no such name, empty when there are only names below it.</summary>
    static IEnumerable<Record>? Find(string name, string[] labels, Directory names) => labels switch
    {
        [] or ["svc"] or ["pod"] => [],
        ["dns-version"] => [new(name, new Data.Txt(SchemaVersion), TtlSeconds)],
        [var space, "svc" or "pod"] => names.HasNamespace(space) ? [] : null,
        [var address, var space, "pod"] => names.HasNamespace(space) && Dashed(address) is { } ip ? [new(name, new Data.Address(ip), TtlSeconds)] : null,
        [.. var rest, var service, var space, "svc"] => names.Service(new(space, service)) is { } found ? OfService(name, rest, found, names) : null,
        _ => null,
    };

    static IEnumerable<Record>? OfService(string name, string[] rest, Service service, Directory names)
    {
        if (service.Spec?.Type == "ExternalName")
            return rest.Length == 0 && service.Spec.ExternalName is { Length: > 0 } target ? [new(name, new Data.Cname(target.TrimEnd('.').ToLowerInvariant()), TtlSeconds)] : null;
        var members = Member.Of(service, names);
        return rest switch
        {
            [] => OrNull(Addresses(name, service, members).Concat(Ports(name, service, members, names, _ => true))),
            [var host] when !host.StartsWith('_') => OrNull(members.Where(m => m.Hostname == host).Select(m => new Record(name, new Data.Address(m.Address), TtlSeconds))),
            [['_', .. var protocol]] => HasPort(service, protocol) ? [] : null,
            [['_', .. var port], ['_', .. var protocol]] => OrNull(Ports(name, service, members, names, p => p.Name == port && p.Protocol == protocol)),
            _ => null,
        };
    }

    static IEnumerable<Record> Addresses(string name, Service service, ImmutableArray<Member> members)
    {
        if (!Member.IsHeadless(service)) return IPAddress.TryParse(service.Spec?.ClusterIP, out var own) ? [new(name, new Data.Address(own), TtlSeconds)] : [];
        return members.Select(m => m.Address).Distinct().Select(a => new Record(name, new Data.Address(a), TtlSeconds));
    }

    /// <summary>Service records of named ports: one for each endpoint of a headless service, one for a service with an address (SS-1211).</summary>
    static IEnumerable<Record> Ports(string name, Service service, ImmutableArray<Member> members, Directory names, Func<(string Name, string Protocol), bool> wanted)
    {
        var home = $"{service.Metadata.Name}.{service.Metadata.Namespace}.svc.{names.Zone}";
        var ports = Member.IsHeadless(service)
            ? members.SelectMany(m => m.Ports.Select(p => (p.Name, p.Protocol, p.Number, Target: $"{m.Hostname}.{home}")))
            : (service.Spec?.Ports ?? []).Select(p => (Name: p.Name ?? "", Protocol: (p.Protocol ?? "TCP").ToLowerInvariant(), Number: p.Port, Target: home));
        return ports.Where(p => p.Name.Length > 0 && wanted((p.Name, p.Protocol))).Distinct()
            .Select(p => new Record(name, new Data.Srv(p.Number, p.Target), TtlSeconds));
    }

    /// <summary>Whoever asks for ports wants the addresses next.</summary>
    static ImmutableArray<Record> Along(ImmutableArray<Record> answers, Directory names) =>
    [
        .. answers.Select(a => a.Data).OfType<Data.Srv>().Select(s => s.Target).Distinct(StringComparer.Ordinal)
            .SelectMany(t => Answer(new(t, RecordType.A), names)?.Answers ?? []),
    ];

    /// <summary>Who has an address (SS-1212); null when nobody in the cluster has.</summary>
    static Reply? Reverse(Question question, Directory names)
    {
        var parts = question.Name[..^".in-addr.arpa".Length].Split('.');
        if (parts.Length != 4) return null;
        var address = string.Join('.', parts.Reverse());
        var services = names.WithAddress(address).Select(s => $"{s.Metadata.Name}.{s.Metadata.Namespace}.svc.{names.Zone}");
        var pods = names.ListingAddress(address)
            .Select(Directory.KeyOf).OfType<ObjectKey>().Distinct().Select(names.Service).OfType<Service>().Where(Member.IsHeadless)
            .SelectMany(s => Member.Of(s, names).Where(m => m.Address.ToString() == address).Select(m => $"{m.Hostname}.{s.Metadata.Name}.{s.Metadata.Namespace}.svc.{names.Zone}"));
        var targets = services.Concat(pods).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (targets.IsEmpty) return null;
        if (question.Type is not (RecordType.Ptr or RecordType.Any)) return Nothing(names, ResponseCode.NoError);
        return new(ResponseCode.NoError, [.. targets.Select(t => new Record(question.Name, new Data.Ptr(t), TtlSeconds))], [], []);
    }

    static bool HasPort(Service service, string protocol) => service.Spec!.Ports.Any(p => (p.Protocol ?? "TCP").Equals(protocol, StringComparison.OrdinalIgnoreCase));

    static Reply Nothing(Directory names, ResponseCode code) =>
        new(code, [], [new(names.Zone, new Data.Soa("ns.dns." + names.Zone, "hostmaster." + names.Zone, 1, TtlSeconds), TtlSeconds)], []);

    /// <summary>A name with nothing under it doesn't exist.</summary>
    static ImmutableArray<Record>? OrNull(IEnumerable<Record> records) => records.ToImmutableArray() is { IsEmpty: false } some ? some : null;

    static IPAddress? Dashed(string label) =>
        label.Count(c => c == '-') == 3 && IPAddress.TryParse(label.Replace('-', '.'), out var address) && address.ToString().Replace('.', '-') == label ? address : null;
}
