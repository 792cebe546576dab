using System.Runtime.CompilerServices;
using Kennel.Network.Filters;
using Kennel.Network.Policies;
using Kennel.Objects.Networking;

namespace Kennel.Network.Tests.Policies;

public sealed class PolicyTableTests
{
    /// <summary>Each case is a file of what comes out. With KENNEL_REWRITE=1 the files are written anew: the diff is the review.</summary>
    [Theory]
    [InlineData("none")]
    [InlineData("nobody-in")]
    [InlineData("web-to-db")]
    [InlineData("blocks-and-ports")]
    [InlineData("out-by-name")]
    public void Policies_become_this_table(string name)
    {
        var text = Transaction.Whole(PolicyTable.Of(Shop.With(Case(name)), "kennel-test-policies"));
        var file = Path.Combine(Folder(), name + ".nft");
        if (Environment.GetEnvironmentVariable("KENNEL_REWRITE") == "1") File.WriteAllText(file, text);
        text.ShouldBe(File.ReadAllText(file));
    }

    [Fact]
    public void Pods_of_other_machines_are_peers_and_are_guarded_there()
    {
        var here = Shop.With(Case("web-to-db"));
        var table = PolicyTable.Of(here with { Members = [.. here.Members.Select(m => m.Pod.Name == "db" ? m with { Node = "there" } : m)] }, "t");
        table.Elements.ShouldNotContain(e => e.Container == "guarded-in");
        table.Elements.ShouldContain(e => e.Key == Shop.Web);
    }

    [Fact]
    public void Pods_with_the_machines_address_and_pods_that_are_over_are_nobody()
    {
        var host = Shop.Pod("shop", "host", "db", "10.240.0.9") is var h ? h with { Spec = h.Spec! with { HostNetwork = true } } : null!;
        var over = Shop.Pod("shop", "over", "db", "10.240.0.8") is var o ? o with { Status = o.Status! with { Phase = "Succeeded" } } : null!;
        Member.Of([host, over]).ShouldBeEmpty();
    }

    [Fact]
    public void An_address_that_was_given_on_belongs_to_the_pod_that_stays()
    {
        var old = Shop.Pod("shop", "a", "db", "10.240.0.8") is var o ? o with { Metadata = o.Metadata with { DeletionTimestamp = DateTimeOffset.UnixEpoch } } : null!;
        Member.Of([old, Shop.Pod("shop", "b", "web", "10.240.0.8")]).ShouldHaveSingleItem().Pod.Name.ShouldBe("b");
        Member.Of([Shop.Pod("shop", "b", "web", "10.240.0.8"), old]).ShouldHaveSingleItem().Pod.Name.ShouldBe("b");
    }

    [Fact]
    public void A_policy_with_the_longest_name_has_names_that_the_kernel_takes()
    {
        var policy = Case("web-to-db")[0];
        var table = PolicyTable.Of(Shop.With(policy with { Metadata = policy.Metadata with { Name = new string('a', 253) } }), "t");
        table.Chains.Select(c => c.Name).Concat(table.Containers.Select(c => c.Name)).ShouldAllBe(n => n.Length < 200);
        table.Chains.Select(c => c.Name).ShouldBeUnique();
    }

    static NetworkPolicy[] Case(string name) => name switch
    {
        "none" => [],
        "nobody-in" => [Shop.Policy("closed", """{"podSelector":{},"policyTypes":["Ingress"]}""")],
        "web-to-db" => [Shop.Policy("db", """{"podSelector":{"matchLabels":{"app":"db"}},"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"web"}}}],"ports":[{"port":8080,"protocol":"TCP"}]}]}""")],
        "blocks-and-ports" => [Shop.Policy("db", """
            {"podSelector":{"matchLabels":{"app":"db"}},"ingress":[{"from":[{"ipBlock":{"cidr":"192.0.2.77/24","except":["192.0.2.128/25"]}},{"ipBlock":{"cidr":"fd00::/8"}}],
            "ports":[{"port":8000,"endPort":8100},{"protocol":"UDP"},{"port":"http"}]}]}
            """)],
        "out-by-name" => [Shop.Policy("web", """
            {"podSelector":{"matchLabels":{"app":"web"}},"policyTypes":["Egress"],"egress":[{"to":[{"podSelector":{"matchExpressions":[{"key":"app","operator":"In","values":["db","cache"]}]}}],"ports":[{"port":"http"}]},
            {"to":[{"namespaceSelector":{"matchLabels":{"team":"b"}}}]}]}
            """)],
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Tables");
}
