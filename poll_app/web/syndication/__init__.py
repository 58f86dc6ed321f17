"""What travels without the page: pictures, cards, oEmbed, the feed, the site map."""
