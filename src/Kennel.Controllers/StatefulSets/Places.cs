
namespace Kennel.Controllers.StatefulSets;

/// <summary>The pods that a set controls, by their place.</summary>
sealed class Places
{
    public Places(Observed o)
    {
        var (set, start) = (o.Set, Identity.Start(o.Set));
        Replicas = new Member?[Math.Max(0, set.Spec!.Replicas ?? 1)];
        foreach (var pod in o.Pods)
        {
            var member = Member.Of(pod);
            var index = (long)member.Ordinal - start;
            if (!member.To(set).Matches) Strangers.Add(member);
            else if (index >= 0 && index < Replicas.Length && member.Ordinal >= 0) Replicas[index] = member;
            else if (member.Ordinal >= 0) Condemned.Add(member);
        }
        Condemned.Sort(static (a, b) => b.Ordinal.CompareTo(a.Ordinal));
    }

    /// <summary>The wanted pods by ordinal less the start; null where there is none yet.</summary>
    public Member?[] Replicas { get; }

    /// <summary>Pods outside the wanted range, highest ordinal first.</summary>
    public List<Member> Condemned { get; } = [];

    /// <summary>Pods whose name or labels say that they aren't the set's any more.</summary>
    public List<Member> Strangers { get; } = [];
}
