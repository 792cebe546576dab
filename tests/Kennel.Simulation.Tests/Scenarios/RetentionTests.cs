using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using static Kennel.Simulation.Tests.Scenarios.Scenario;

namespace Kennel.Simulation.Tests.Scenarios;

/// <summary>What upstream's tests ask of claims whose set says when they go.</summary>
public sealed class RetentionTests
{
    [Fact]
    [Trait("Behaviour", "SS-507")]
    [Trait("Behaviour", "SS-1324")]
    public void Claims_go_with_their_set_when_it_says_so()
    {
        var s = Begin();
        s.Create(Manifest(3, Policy("Delete", "Retain"), claims: true));
        s.WhenReady(3);
        s.Until("the claims are the set's", () => s.AllClaims.All(c => c.Metadata.OwnerReferences is [{ Kind: "StatefulSet", Name: "ss" }]));
        s.DeleteSet();
        s.Until("the claims are gone", () => s.AllClaims.Count == 0);
    }

    [Fact]
    [Trait("Behaviour", "SS-522")]
    public void Claims_of_a_set_that_leaves_its_pods_behind_stay()
    {
        var s = Begin();
        s.Create(Manifest(2, Policy("Delete", "Retain"), claims: true));
        s.WhenReady(2);
        s.Until("the claims are the set's", () => s.AllClaims.All(c => Owners(c).SequenceEqual(["StatefulSet"])));
        s.DeleteSet("Orphan");
        s.Until("the set is gone", () => !s.World.Truth.All<StatefulSet>().Any());
        s.AllClaims.ShouldAllBe(c => !Owners(c).Any());
        s.For(TimeSpan.FromSeconds(30), "claims and pods stay", () => s.AllClaims.Count == 2 && s.AllClaims.All(c => c.Metadata.DeletionTimestamp is null) && s.Members.All(Ready));
    }

    [Fact]
    [Trait("Behaviour", "SS-507")]
    [Trait("Behaviour", "SS-1324")]
    public void Claims_go_with_their_pods_when_the_set_says_so()
    {
        var s = Begin();
        s.Create(Manifest(3, Policy("Retain", "Delete"), claims: true));
        s.WhenReady(3);
        s.Scale(1);
        s.Until("one claim is left", () => s.AllClaims.Select(c => c.Metadata.Name).SequenceEqual(["datadir-ss-0"]));
    }

    [Fact]
    [Trait("Behaviour", "SS-1324")]
    public void A_claim_that_belongs_to_another_stays_until_it_is_let_go()
    {
        var s = Begin();
        s.Create(Manifest(3, Policy("Retain", "Delete"), claims: true));
        s.WhenReady(3);
        var owner = s.Send("POST", "/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"other"}}""");
        s.Patch($"{Claims}/datadir-ss-1", $$"""{"metadata":{"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"other","uid":"{{owner["metadata"]!["uid"]}}","controller":true}] } }""");
        s.Scale(0);
        s.Until("only the other's is left", () => s.AllClaims.Select(c => c.Metadata.Name).SequenceEqual(["datadir-ss-1"]));
        s.For(TimeSpan.FromSeconds(30), "it stays", () => s.AllClaims.Count == 1);
        s.Scale(2);
        s.WhenReady(2);
        s.Patch($"{Claims}/datadir-ss-1", """{"metadata":{"ownerReferences":null}}""");
        s.Scale(1);
        s.Until("it goes too", () => s.AllClaims.Select(c => c.Metadata.Name).SequenceEqual(["datadir-ss-0"]));
    }

    [Theory]
    [InlineData("Delete", "Retain")]
    [InlineData("Retain", "Delete")]
    [Trait("Behaviour", "SS-1324")]
    public void Claims_of_a_pod_that_was_adopted_go_too(string deleted, string scaled)
    {
        var s = Begin();
        s.Create(Manifest(3, Policy(deleted, scaled), claims: true));
        s.WhenReady(3);
        s.Patch($"{Pods}/ss-2", """{"metadata":{"ownerReferences":null}}""");
        s.Until("it is adopted", () => s.Pod("ss-2").Metadata.OwnerReferences is [{ Controller: true }]);
        if (deleted == "Delete")
        {
            s.DeleteSet();
            s.Until("the claims are gone", () => s.AllClaims.Count == 0);
        }
        else
        {
            s.Scale(2);
            s.Until("its claim is gone", () => s.AllClaims.Count == 2);
        }
    }

    [Theory]
    [InlineData("Retain", "Retain")]
    [InlineData("Delete", "Retain")]
    [InlineData("Retain", "Delete")]
    [InlineData("Delete", "Delete")]
    [Trait("Behaviour", "SS-1333")]
    public void Owners_of_claims_follow_the_policy(string deleted, string scaled)
    {
        var s = Begin();
        s.Create(Manifest(3, Policy(deleted, scaled), claims: true));
        s.WhenReady(3);
        string[] owner = deleted == "Delete" ? ["StatefulSet"] : [];
        s.Until("the owners are those", () => s.AllClaims.All(c => Owners(c).SequenceEqual(owner)));
        s.Scale(1);
        s.WhenReady(1);
        string[] left = scaled == "Delete" ? ["datadir-ss-0"] : ["datadir-ss-0", "datadir-ss-1", "datadir-ss-2"];
        s.Until("the claims are those", () => s.AllClaims.Select(c => c.Metadata.Name).SequenceEqual(left));
        s.Until("the owners are those", () => s.AllClaims.All(c => Owners(c).SequenceEqual(owner)));
    }

    static IEnumerable<string> Owners(PersistentVolumeClaim claim) => claim.Metadata.OwnerReferences.Select(o => o.Kind);

    static string Policy(string deleted, string scaled) => $$""" "persistentVolumeClaimRetentionPolicy":{"whenDeleted":"{{deleted}}","whenScaled":"{{scaled}}"},""";
}
